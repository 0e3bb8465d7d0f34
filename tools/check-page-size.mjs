// Holds the built pages to their budget: what a guest waits for on a slow phone is octets.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../apps/web/dist', import.meta.url));

/** Thousands of octets, as they come over the wire. `first` is what the first picture waits for, `all` everything there is. */
const budget = {
  first: { js: 60, css: 12 },
  all: { js: 120, css: 24 },
};

const page = readFileSync(join(dist, 'index.html'), 'utf8');
const files = readdirSync(join(dist, 'assets')).map((name) => ({
  name,
  kind: name.endsWith('.css') ? 'css' : name.endsWith('.js') ? 'js' : 'other',
  size: gzipSync(readFileSync(join(dist, 'assets', name))).length / 1000,
  isFirst: page.includes(`/assets/${name}`),
}));

for (const { name, size, isFirst } of files) {
  console.log(`${size.toFixed(1).padStart(7)} kB  ${isFirst ? 'first' : 'later'}  ${name}`);
}
for (const [share, limits] of Object.entries(budget)) {
  for (const [kind, limit] of Object.entries(limits)) {
    const counted = files.filter((file) => file.kind === kind && (share === 'all' || file.isFirst));
    const sum = counted.reduce((total, file) => total + file.size, 0);
    const verdict = sum <= limit ? 'ok' : 'TOO MUCH';
    console.log(`${sum.toFixed(1).padStart(7)} kB  of ${limit} kB  ${share} ${kind}: ${verdict}`);
    // A page without any script is no page: the budget must not hold for want of a build.
    if (sum > limit || (kind === 'js' && sum === 0)) process.exitCode = 1;
  }
}
