/* oxlint-disable no-console */
// Checks what a visitor loads, gzipped as a server would send it. Build first.
//   node apps/web/size.mjs

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = join(import.meta.dirname, 'dist');
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
const sizeOf = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;

/** A chunk's own files and those of everything it imports at once. */
function filesOf(key, seen = new Set()) {
  const chunk = manifest[key];
  if (chunk === undefined) throw new Error(`the build has no ${key}`);
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const style of chunk.css ?? []) seen.add(style);
  for (const other of chunk.imports ?? []) filesOf(other, seen);
  return seen;
}

const door = new Set(['index.html', ...filesOf('index.html')]);
const call = new Set([...filesOf('src/features/call-chunk.ts')].filter((file) => !door.has(file)));
const budgets = [
  { name: 'first load (home, pre-join)', files: door, budget: 60 * 1024 },
  { name: 'the call screen, on top', files: call, budget: 60 * 1024 },
];

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(9);
for (const { name, files, budget } of budgets) {
  const total = [...files].reduce((sum, file) => sum + sizeOf(file), 0);
  const over = total > budget;
  console.log(`${kilobytes(total)} of ${kilobytes(budget)}  ${name}${over ? '  TOO LARGE' : ''}`);
  for (const file of files) console.log(`${kilobytes(sizeOf(file))}    ${basename(file)}`);
  if (over) process.exitCode = 1;
}
