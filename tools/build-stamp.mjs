// Tells whether the built files are those of the present sources, by paths, sizes and times of change.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(root, 'node_modules/.cache/callbox/build-stamp');
const outputs = ['packages/callbox/dist/main.js', 'apps/web/dist/index.html'];
const sources = ['packages', 'apps/web', 'tsconfig.base.json', 'tsconfig.json', 'package-lock.json'];
const notSources = new Set(['node_modules', 'dist']);

function* listFiles(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) {
    yield { path, stats };
    return;
  }
  for (const name of readdirSync(path).sort()) {
    if (!notSources.has(name)) yield* listFiles(join(path, name));
  }
}

/** A text that changes with every source of the build. */
export function fingerprintSources() {
  const hash = createHash('sha256').update(process.version);
  for (const source of sources) {
    for (const { path, stats } of listFiles(join(root, source))) {
      hash.update(`${path}\0${stats.size}\0${stats.mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/** Whether the last build was made of the present sources, and is still there. */
export function isBuildCurrent() {
  if (!outputs.every((output) => existsSync(join(root, output))) || !existsSync(stampFile)) return false;
  return readFileSync(stampFile, 'utf8') === fingerprintSources();
}

/** Remembers of which sources the present build was made. */
export function rememberBuild(fingerprint) {
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, fingerprint);
}
