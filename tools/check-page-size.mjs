// Holds the built pages to their budget: what a guest waits for on a slow phone is octets.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../apps/web/dist', import.meta.url));
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
const sizeOf = (file) => gzipSync(readFileSync(join(dist, file))).length / 1000;

/** The files of a chunk and of everything it imports at once. What it loads later is not among them. */
function filesOf(key, files = new Set()) {
  const chunk = manifest[key];
  if (chunk === undefined) throw new Error(`the build has no ${key}`);
  if (files.has(chunk.file)) return files;
  files.add(chunk.file);
  for (const style of chunk.css ?? []) files.add(style);
  for (const other of chunk.imports ?? []) filesOf(other, files);
  return files;
}

/** Thousands of octets, compressed as they come over the wire: the page before a call, then the call on top. */
const door = ['index.html', ...filesOf('index.html')];
// The engine's own second half is fetched as soon as the page before the call is there.
const engine = filesOf('../../packages/client/src/peer/mesh.ts');
const call = [...new Set([...filesOf('src/features/call-chunk.ts'), ...engine])].filter(
  (file) => !door.includes(file),
);
const check = [...filesOf('src/features/check-chunk.ts')].filter((file) => !door.includes(file));
const home = [...filesOf('src/features/home-chunk.ts')].filter((file) => !door.includes(file));
const shares = [
  { name: 'the page before the call', files: door, budget: 60 },
  { name: 'the first page, on top of what it shares with the page before the call', files: home, budget: 8 },
  { name: 'the call, on top', files: call, budget: 60 },
  { name: 'the check of the connection, in place of the call', files: check, budget: 20 },
];

for (const { name, files, budget } of shares) {
  const sum = files.reduce((total, file) => total + sizeOf(file), 0);
  console.log(
    `${sum.toFixed(1).padStart(7)} kB  of ${budget} kB  ${name}: ${sum <= budget ? 'ok' : 'TOO MUCH'}`,
  );
  for (const file of files) console.log(`${sizeOf(file).toFixed(1).padStart(7)} kB    ${basename(file)}`);
  if (sum > budget) process.exitCode = 1;
}
