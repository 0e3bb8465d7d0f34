import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Inside the repository, so that what is not bundled is found. */
const FOLDER = fileURLToPath(new URL('../../artifacts/floods', import.meta.url));

export interface Bundle {
  /** The file to run of an entry, by the name of its source without ending. */
  readonly path: (name: string) => string;
  readonly remove: () => Promise<void>;
}

/** Makes programs of the TypeScript sources beside a module (this one, if none is named), which Node 20 cannot run by itself. */
export async function bundle(names: readonly string[], from = import.meta.url): Promise<Bundle> {
  const folder = join(FOLDER, String(process.pid));
  const sources = names.map((name) => [name, fileURLToPath(new URL(`${name}.ts`, from))] as const);
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: [/^@callbox\//u], resolve: { conditions: ['callbox-source', 'node', 'import'] } },
    build: {
      ssr: true,
      target: 'node20',
      outDir: folder,
      minify: false,
      rollupOptions: {
        input: Object.fromEntries(sources),
        external: ['koffi'],
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  return {
    path: (name) => join(folder, `${name}.mjs`),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
