import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isRoot } from './system-programs.mjs';

const isolate = fileURLToPath(new URL('../e2e/networks/isolate.sh', import.meta.url));
const minute = 60_000;

/**
 * The steps of `npm test`. Those that are `first` come before all others, one after the other; those that are `alone` after all
 * others, since they measure; those that are `last` read the results of the rest. Everything else runs beside each other, as
 * many as the machine has cores for: `cores` is how many a job keeps busy on the average, 1 where nothing is said.
 *
 * A step with `vitest` counts its tests. Where each can have a network of its own, every test file in its `folder` is a job by
 * itself, or every one of its `parts`, which are named with their arguments. The ones that take long come first: `files` says so
 * of the longest (`seconds`), and what else is special about a file. Where networks cannot be made, two of them would meet at a
 * port, so such steps run whole and one after the other.
 *
 * One that is `isolated` has a network of its own wherever that can be made; one that `needsPrograms` needs those of
 * system-programs.mjs.
 */
export const steps = [
  { name: 'build', command: ['npm', 'run', '--silent', 'build'], isFirst: true },
  { name: 'format', command: ['npm', 'run', '--silent', 'check:format'] },
  { name: 'types', command: ['npm', 'run', '--silent', 'check:types'] },
  { name: 'lint', command: ['npm', 'run', '--silent', 'check:lint'] },
  { name: 'size', command: ['node', 'tools/check-page-size.mjs'] },
  { name: 'sdk-size', command: ['node', 'tools/check-sdk-size.mjs'] },
  { name: 'api', command: ['node', 'tools/api-report.mjs', '--check'] },
  { name: 'arrows', vitest: ['tools'] },
  {
    name: 'unit',
    vitest: ['packages', 'apps'],
    parts: {
      first: ['--maxWorkers=1', '--shard=1/3'],
      second: ['--maxWorkers=1', '--shard=2/3'],
      third: ['--maxWorkers=1', '--shard=3/3'],
    },
    seconds: 90,
  },
  // What the fuzz tests of the step before do in seconds, for a minute.
  { name: 'fuzz', command: ['node', 'tools/fuzz.mjs', '--minutes', '1'], seconds: 70 },
  {
    name: 'conformance',
    vitest: ['--config', 'conformance/vitest.config.ts'],
    folder: 'conformance',
    needsPrograms: true,
    cores: 0.2,
    files: {
      'turn/callbox.test.ts': { seconds: 110 },
      'turn/coturn.test.ts': { seconds: 80 },
      'turn/coturn-tester.test.ts': { seconds: 75 },
      'acme/acme.test.ts': { seconds: 50 },
      // What a flood costs a call, and how soon processes end.
      'floods/floods.test.ts': { isAlone: true },
      'turn/worker-ends.test.ts': { isAlone: true },
    },
  },
  // That the benchmark runs and packets flow; its figures mean nothing here.
  { name: 'bench', command: ['node', 'bench/turn/run.mjs', '--quick'], needsPrograms: true, isAlone: true },
  // Media makes no garbage, and the control does; fewer packets than a full run has.
  {
    name: 'garbage',
    command: ['node', 'bench/turn/garbage.mjs', '--quick'],
    needsPrograms: true,
    isAlone: true,
  },
  // That a page of each kind sees the other's first frame; how soon means nothing here.
  {
    name: 'first-frame',
    command: ['node', 'bench/first-frame/run.mjs', '--quick'],
    isolated: true,
    needsPrograms: true,
  },
  {
    name: 'screens',
    command: ['npm', 'run', '--silent', 'check:screens', '--workspace', '@callbox/web', '--'],
    parts: { en: ['--locale', 'en'], 'zh-CN': ['--locale', 'zh-CN'] },
    needsPrograms: true,
    seconds: 150,
  },
  {
    name: 'start',
    vitest: ['--config', 'e2e/vitest.config.ts', '--project', 'start'],
    seconds: 40,
  },
  {
    name: 'browsers',
    vitest: ['--config', 'e2e/vitest.config.ts', '--project', 'browsers'],
    folder: 'e2e',
    isolated: true,
    needsPrograms: true,
    cores: 0.8,
    seconds: 30,
    files: {
      'reach.test.ts': { seconds: 290 },
      'nothing-leaves.test.ts': { seconds: 140 },
      'outlive-minute.test.ts': { seconds: 85 },
      'outlive.test.ts': { seconds: 60 },
      'relay.test.ts': { seconds: 200 },
      'check.test.ts': { seconds: 85 },
      'chromium-calls.test.ts': { seconds: 75 },
      'outlive-network.test.ts': { seconds: 75 },
      'doctor.test.ts': { seconds: 65 },
      'small-window.test.ts': { seconds: 90 },
      // Twenty pictures are encoded and decoded at a time.
      'five-people.test.ts': { cores: 2 },
      // What a page does with a picture hangs on how fast it comes, and on what the machine makes of it.
      'quality.test.ts': { isAlone: true },
      'looked-at.test.ts': { isAlone: true },
      'statistics.test.ts': { isAlone: true },
      // How long tasks of a page take, and what it holds on to.
      'smooth.test.ts': { isAlone: true },
      'leaks.test.ts': { isAlone: true },
    },
  },
  { name: 'attacks', command: ['node', 'tools/check-attack-list.mjs'], isLast: true },
].map((step) => ({ timeoutMs: 20 * minute, isolated: false, needsPrograms: false, ...step }));

/** What runs a command in a network of its own, or null where this process may not make one. */
export function findIsolation() {
  if (process.platform !== 'linux' || !isRoot()) return null;
  return spawnSync(isolate, ['true']).status === 0 ? isolate : null;
}
