import { bundlePrograms, type BundledPrograms } from '../../packages/turn/src/testing/bundle-programs.ts';

/** Makes programs of the TypeScript sources beside a module (this one, if none is named). */
export function bundle(names: readonly string[], from = import.meta.url): Promise<BundledPrograms> {
  return bundlePrograms(Object.fromEntries(names.map((name) => [name, new URL(`${name}.ts`, from)])));
}
