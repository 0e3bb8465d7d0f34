import { join } from 'node:path';
import { build } from 'vite';

/** Makes the script that has one of the painted people before the camera, to run before a page's own. */
export async function createPaintedCamera(): Promise<(index: number) => string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      lib: {
        entry: join(import.meta.dirname, 'painted-camera-in-page.ts'),
        formats: ['iife'],
        name: 'paintedCamera',
      },
    },
  });
  const [bundle] = Array.isArray(result) ? result : [result];
  if (bundle === undefined || !('output' in bundle)) throw new Error('the painted camera was not built');
  const { code } = bundle.output[0];
  return (index) => `${code}\npaintedCamera.installPaintedCamera(${index});`;
}
