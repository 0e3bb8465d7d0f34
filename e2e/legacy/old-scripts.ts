import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'vite';

const require = createRequire(import.meta.url);
const folderOf = (name: string) => dirname(require.resolve(`${name}/package.json`));

/** Versions of the old client whose own bundles npm has; all of them with a socket.io-client 1.3 inside. */
export type OldVersion = '2.1.1' | '2.2.3' | '3.0.2';

const bundles: Readonly<Record<OldVersion, string>> = {
  '2.1.1': join(folderOf('simplewebrtc-2.1'), 'simplewebrtc.bundle.js'),
  // The name by which most pages of its time had it from a server of files.
  '2.2.3': join(folderOf('simplewebrtc-2.2'), 'latest-v2.js'),
  '3.0.2': join(folderOf('simplewebrtc'), 'out/simplewebrtc-with-adapter.bundle.js'),
};

/** The old client in one file, as pages copied it; of the version that the recipe has where none is named. */
export function readOldBundle(version: OldVersion = '3.0.2'): Promise<string> {
  return readFile(bundles[version], 'utf8');
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
