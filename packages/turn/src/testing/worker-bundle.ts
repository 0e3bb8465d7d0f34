import { pathToFileURL } from 'node:url';
import { bundlePrograms } from './bundle-programs.ts';

/** The program of a worker, made of the sources. */
export interface WorkerBundle {
  readonly file: URL;
  readonly remove: () => Promise<void>;
}

export async function bundleWorker(): Promise<WorkerBundle> {
  const programs = await bundlePrograms({
    'worker-main': new URL('../workers/worker-main.ts', import.meta.url),
  });
  return { file: pathToFileURL(programs.path('worker-main')), remove: programs.remove };
}
