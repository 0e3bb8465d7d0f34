// Holds @callbox/client to its budget, as a page gets it that bundles it: compressed, with what it stands on, what is loaded later
// included. Whoever imports one thing must not pay for all.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, defaultClientConditions } from 'vite';

const entry = fileURLToPath(new URL('../packages/client/src/index.ts', import.meta.url));

/** What a page imports, and thousands of octets for all of it. */
const pages = [
  { name: 'a call', imports: ['createCallboxClient', 'createLocalMedia'], budget: 42 },
  { name: 'everything', imports: '*', budget: 45 },
  { name: 'the check of the connection', imports: ['createConnectivityCheck'], budget: 6 },
  { name: 'the devices alone', imports: ['createLocalMedia', 'listDevices'], budget: 4.5 },
  { name: 'the names of rooms', imports: ['createRoomName', 'parseRoomName'], budget: 1.5 },
  { name: 'nothing', imports: [], budget: 0.1 },
];

/** The chunks of a page that imports these names of the SDK and nothing else; the first is what it loads at once. */
async function bundle(imports) {
  const from = JSON.stringify(entry);
  const source =
    imports === '*'
      ? `import * as sdk from ${from}; globalThis.used = sdk;`
      : `import { ${imports.join(', ')} } from ${from}; globalThis.used = [${imports.join(', ')}];`;
  const { output } = await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['callbox-source', ...defaultClientConditions] },
    plugins: [
      {
        name: 'page',
        resolveId: (id) => (id === 'page' ? id : null),
        load: (id) => (id === 'page' ? source : null),
      },
    ],
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      modulePreload: { polyfill: false },
      rolldownOptions: { input: 'page' },
    },
  });
  return output.filter(({ type }) => type === 'chunk');
}

const sizeOf = ({ code }) => gzipSync(code).length / 1000;

for (const { name, imports, budget } of pages) {
  const chunks = await bundle(imports);
  const sum = chunks.reduce((total, chunk) => total + sizeOf(chunk), 0);
  const atOnce = sizeOf(chunks.find(({ isEntry }) => isEntry));
  const verdict = sum <= budget ? 'ok' : 'TOO MUCH';
  console.log(
    `${sum.toFixed(1).padStart(7)} kB  of ${budget} kB  ${name}: ${verdict} (${atOnce.toFixed(1)} kB at once)`,
  );
  if (sum > budget) process.exitCode = 1;
}
