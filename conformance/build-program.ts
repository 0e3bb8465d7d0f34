import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isBuildCurrent } from '../tools/build-stamp.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));

/** Sees to it that the program which people run, the built one, is made of the present sources. */
export function buildProgram(): void {
  if (isBuildCurrent()) return;
  execFileSync(process.execPath, [compiler, '-b', 'packages/callbox'], { cwd: root });
}
