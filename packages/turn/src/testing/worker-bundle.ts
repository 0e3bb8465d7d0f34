import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pid } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

/** Inside the repository, so that koffi is found. */
const FOLDER = fileURLToPath(new URL('../../../../artifacts/worker', import.meta.url));

/** The program of a worker, made of the sources, which Node 20 cannot run by itself. */
export interface WorkerBundle {
  readonly file: URL;
  readonly remove: () => Promise<void>;
}

export async function bundleWorker(): Promise<WorkerBundle> {
  const folder = join(FOLDER, String(pid));
  const source = fileURLToPath(new URL('../workers/worker-main.ts', import.meta.url));
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: [/^@callbox\//u], resolve: { conditions: ['callbox-source', 'node', 'import'] } },
    build: {
      ssr: true,
      target: 'node20',
      outDir: folder,
      minify: false,
      rollupOptions: { input: source, external: ['koffi'], output: { entryFileNames: 'worker-main.mjs' } },
    },
  });
  return {
    file: pathToFileURL(join(folder, 'worker-main.mjs')),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
