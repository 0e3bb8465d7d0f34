import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Inside the repository, so that koffi and whatever else is not bundled is found. */
const FOLDER = fileURLToPath(new URL('../../../../artifacts/programs', import.meta.url));

/** Programs that have been made of TypeScript sources. */
export interface BundledPrograms {
  /** The file to run of a source, by the name it was given. */
  readonly path: (name: string) => string;
  readonly remove: () => Promise<void>;
}

/** Makes programs of TypeScript sources, by their names: Node 20 cannot run them by itself. */
export async function bundlePrograms(sources: Readonly<Record<string, URL>>): Promise<BundledPrograms> {
  await mkdir(FOLDER, { recursive: true });
  const folder = await mkdtemp(join(FOLDER, 'made-'));
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
        input: Object.fromEntries(Object.entries(sources).map(([name, url]) => [name, fileURLToPath(url)])),
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
