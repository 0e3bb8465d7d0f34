import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isRoot } from './system-programs.mjs';

const isolate = fileURLToPath(new URL('../e2e/networks/isolate.sh', import.meta.url));
const minute = 60_000;

/**
 * The steps of `npm test`, in order. One with `vitest` counts its tests; one that is `isolated` runs in a network of
 * its own where this process may make one; one that `needsPrograms` needs those of system-programs.mjs.
 */
export const steps = [
  { name: 'format', command: ['npm', 'run', '--silent', 'check:format'] },
  { name: 'types', command: ['npm', 'run', '--silent', 'check:types'] },
  { name: 'lint', command: ['npm', 'run', '--silent', 'check:lint'] },
  { name: 'build', command: ['npm', 'run', '--silent', 'build'] },
  { name: 'size', command: ['node', 'tools/check-page-size.mjs'] },
  { name: 'sdk-size', command: ['node', 'tools/check-sdk-size.mjs'] },
  { name: 'api', command: ['node', 'tools/api-report.mjs', '--check'] },
  { name: 'arrows', vitest: ['tools'] },
  { name: 'unit', vitest: ['packages', 'apps'] },
  // What the fuzz tests of the step before do in seconds, for a minute.
  { name: 'fuzz', command: ['node', 'tools/fuzz.mjs', '--minutes', '1'] },
  { name: 'conformance', vitest: ['--config', 'conformance/vitest.config.ts'], needsPrograms: true },
  // That the benchmark runs and packets flow; its figures mean nothing here.
  { name: 'bench', command: ['node', 'bench/turn/run.mjs', '--quick'], needsPrograms: true },
  // Media makes no garbage, and the control does; fewer packets than a full run has.
  { name: 'garbage', command: ['node', 'bench/turn/garbage.mjs', '--quick'], needsPrograms: true },
  {
    name: 'screens',
    command: ['npm', 'run', '--silent', 'check:screens', '--workspace', '@callbox/web'],
    needsPrograms: true,
  },
  { name: 'start', vitest: ['--config', 'e2e/vitest.config.ts', '--project', 'start'] },
  {
    name: 'browsers',
    vitest: ['--config', 'e2e/vitest.config.ts', '--project', 'browsers'],
    isolated: true,
    needsPrograms: true,
    timeoutMs: 45 * minute,
  },
  // Reads the results of the steps before: alone it finds none.
  { name: 'attacks', command: ['node', 'tools/check-attack-list.mjs'] },
].map((step) => ({ timeoutMs: 20 * minute, isolated: false, needsPrograms: false, ...step }));

/** What runs a command in a network of its own, or null where this process may not make one. */
export function findIsolation() {
  if (process.platform !== 'linux' || !isRoot()) return null;
  return spawnSync(isolate, ['true']).status === 0 ? isolate : null;
}
