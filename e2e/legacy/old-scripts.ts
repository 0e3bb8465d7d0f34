import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'vite';

const require = createRequire(import.meta.url);
const client = dirname(require.resolve('simplewebrtc/package.json'));

/** The old client as pages of the recipe copy it: one file, with socket.io-client 1.3.7 in it. */
export function readOldBundle(): Promise<string> {
  return readFile(join(client, 'out/simplewebrtc-with-adapter.bundle.js'), 'utf8');
}

/** The old client as a page makes it today that bundles it from npm: its sources, with socket.io-client 1.7.4. */
export async function bundleOldSources(): Promise<string> {
  const outputs = await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    // What Node's own modules are to a bundler for browsers.
    resolve: { alias: { util: join(import.meta.dirname, 'node-util.cjs') } },
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    build: {
      write: false,
      minify: false,
      lib: {
        entry: join(import.meta.dirname, 'old-entry.mjs'),
        formats: ['iife'],
        name: 'page',
        fileName: () => 'client.js',
      },
    },
  });
  const [output] = Array.isArray(outputs) ? outputs : [outputs];
  const chunk = output !== undefined && 'output' in output ? output.output[0] : undefined;
  if (chunk?.type !== 'chunk') throw new Error('the old sources make no script');
  return chunk.code;
}
