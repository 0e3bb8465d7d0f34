import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { isIsolated } from './networks/isolation.ts';
import { until } from './until.ts';

const isolate = join(import.meta.dirname, 'networks/isolate.sh');
/** An age at which nobody else sleeps: it tells the test's own process from all others. */
const SLEEP_SECONDS = '98765.4321';

describe.runIf(isIsolated)('a run in a network of its own', () => {
  test.for(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'that ends by %s leaves neither a process nor a network behind',
    async (signal) => {
      const script = `ip netns add left-behind; setsid sleep ${SLEEP_SECONDS} & sleep 1000`;
      const run = spawn(isolate, ['sh', '-c', script], { stdio: 'ignore', detached: true });
      const exit = new Promise((resolve) => run.once('exit', resolve));
      await until('the process to run', async () => look((await countSleepers()) === 1));
      // As a terminal and `npm test` do: to the whole group.
      process.kill(-(run.pid ?? 0), signal);
      await exit;
      await until('the process to be gone', async () => look((await countSleepers()) === 0));
      const { stdout } = await promisify(execFile)('ip', ['netns', 'list']);
      expect(stdout).not.toContain('left-behind');
    },
  );

  test('ends with the exit code of what it runs', async () => {
    const run = spawn(isolate, ['sh', '-c', 'exit 7'], { stdio: 'ignore' });
    expect(await new Promise((resolve) => run.once('exit', resolve))).toBe(7);
  });
});

function look(found: boolean) {
  return found ? ({ found, value: null } as const) : ({ found, seen: 'not yet' } as const);
}

async function countSleepers(): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'args']);
  return stdout.split('\n').filter((line) => line === `sleep ${SLEEP_SECONDS}`).length;
}
