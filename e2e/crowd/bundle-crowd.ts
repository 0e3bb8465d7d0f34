import { join } from 'node:path';
import { build, defaultClientConditions } from 'vite';

const entry = join(import.meta.dirname, 'crowd-page.ts');

/**
 * Bundles a page of participants who have no interface: the SDK of this tree, and how it is told what to do. To be run in any page of the
 * server that they come to; leaves `window.crowd` there.
 */
export async function bundleCrowd(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    resolve: { conditions: ['callbox-source', ...defaultClientConditions] },
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry, formats: ['iife'], name: 'crowdPage' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const [bundle] = [built].flat();
  if (bundle === undefined || !('output' in bundle)) throw new Error('nothing was bundled');
  const [chunk, ...others] = bundle.output;
  if (others.length > 0) throw new Error('the crowd fell into several pieces');
  return chunk.code;
}
