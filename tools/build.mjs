// npm run build: the packages by the TypeScript compiler, what browsers load as files by Vite.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fingerprintSources, rememberBuild } from './build-stamp.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

function run(script, parameters, folder) {
  const command = [join(root, 'node_modules', script), ...parameters];
  const { status } = spawnSync(process.execPath, command, { cwd: join(root, folder), stdio: 'inherit' });
  return status === 0;
}

/** A folder that is not there has nothing to build: the program does without it. */
function bundle(folder) {
  if (!existsSync(join(root, folder))) return true;
  return run('vite/bin/vite.js', ['build', '--logLevel', 'warn'], folder);
}

/** Builds everything that the program runs. Returns whether it succeeded. */
export function build() {
  // Taken before: a file that changes during the build is built again at the next start.
  const fingerprint = fingerprintSources();
  const succeeded = run('typescript/bin/tsc', ['-b'], '.') && bundle('apps/web') && bundle('packages/compat');
  if (succeeded) rememberBuild(fingerprint);
  return succeeded;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href && !build()) process.exit(1);
