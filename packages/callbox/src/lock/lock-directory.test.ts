import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeTemporaryDirectory } from '../testing/temporary-directory.ts';
import { DirectoryTakenError } from './directory-taken-error.ts';
import { lockDirectory, type DirectoryLock, type LockOptions } from './lock-directory.ts';

/** Who would have to watch for a sign of life would do so beyond the test. */
const atOnce: LockOptions = { patienceMs: 0, watchMs: 600_000 };

async function lock(directory: string, options: LockOptions = atOnce): Promise<DirectoryLock> {
  const held = await lockDirectory(directory, options);
  onTestFinished(() => held.release());
  return held;
}

async function refusalOf(attempt: Promise<unknown>): Promise<DirectoryTakenError> {
  const error: unknown = await attempt.catch((reason: unknown) => reason);
  if (!(error instanceof DirectoryTakenError)) throw new Error('it was not taken', { cause: error });
  return error;
}

/** A process that does nothing but hold what a killed server would leave: a socket, and its number. */
async function startHolder(directory: string): Promise<ChildProcess> {
  const script = join(directory, 'holder.mjs');
  await writeFile(
    script,
    `import { createServer } from 'node:net';
    import { readFileSync, writeFileSync } from 'node:fs';
    const machine = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    createServer().listen('lock-0a.sock', () => {
      writeFileSync('lock.7', JSON.stringify({ machine, pid: process.pid, socket: 'lock-0a.sock' }));
      process.send('locked');
    });`,
  );
  const child = fork(script, { cwd: directory });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  return child;
}

describe('a locked directory', () => {
  test('is refused to others with the number of the process that has it, until it is released', async () => {
    const directory = await makeTemporaryDirectory();
    const first = await lock(directory);
    expect((await refusalOf(lockDirectory(directory, atOnce))).pid).toBe(process.pid);
    await first.release();
    await first.release();
    const second = await lock(directory);
    await first.release();
    await refusalOf(lockDirectory(directory, atOnce));
    await second.release();
  });

  test('is waited for where whoever has it may be about to end', async () => {
    const directory = await makeTemporaryDirectory();
    const first = await lock(directory);
    const second = lock(directory, { ...atOnce, patienceMs: 60_000 });
    await first.release();
    await expect(second).resolves.toBeDefined();
  });

  test('leaves nothing behind but who has it', async () => {
    const directory = await makeTemporaryDirectory();
    await mkdir(join(directory, 'rooms'));
    await writeFile(join(directory, 'lock.txt'), 'not ours');
    for (let round = 0; round < 3; round += 1) await (await lock(directory)).release();
    await lock(directory);
    expect((await readdir(directory)).toSorted()).toEqual([
      expect.stringMatching(/^lock-[0-9a-f]{16}\.sock$/),
      'lock.4',
      'lock.txt',
      'rooms',
    ]);
  });

  test('is had by one only of many who find its holder dead at the same time', async () => {
    const directory = await makeTemporaryDirectory();
    for (let round = 0; round < 10; round += 1) {
      const tries = await Promise.allSettled(
        Array.from({ length: 20 }, () => lockDirectory(directory, atOnce)),
      );
      const held = tries.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
      const refused = tries.filter((one) => one.status === 'rejected').map(({ reason }) => reason as unknown);
      for (const one of held) await one.release();
      expect(held).toHaveLength(1);
      expect(refused.filter((reason) => !(reason instanceof DirectoryTakenError))).toEqual([]);
    }
  });

  test('that cannot be written to is a fault of the system, not a lock', async () => {
    const missing = join(await makeTemporaryDirectory(), 'missing');
    await expect(lockDirectory(missing, atOnce)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe.runIf(process.platform === 'linux')('a directory locked by another process', () => {
  test('is free the moment that is killed', async () => {
    const directory = await makeTemporaryDirectory();
    const holder = await startHolder(directory);
    expect((await refusalOf(lockDirectory(directory, atOnce))).pid).toBe(holder.pid);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await lock(directory);
    expect(await readdir(directory)).toContain('lock.8');
    expect(await readdir(directory)).not.toContain('lock-0a.sock');
  });

  test('stays locked while that is stopped', async () => {
    const directory = await makeTemporaryDirectory();
    const holder = await startHolder(directory);
    holder.kill('SIGSTOP');
    expect((await refusalOf(lockDirectory(directory, atOnce))).pid).toBe(holder.pid);
  });
});

describe('a directory locked by another machine', () => {
  const elsewhere: LockOptions = { patienceMs: 0, beatMs: 20, watchMs: 5_000, machine: 'elsewhere' };

  test('is refused while that shows signs of life', async () => {
    const directory = await makeTemporaryDirectory();
    await lock(directory, elsewhere);
    // Of a process there only that machine knows.
    expect(
      (await refusalOf(lockDirectory(directory, { ...elsewhere, machine: 'here' }))).pid,
    ).toBeUndefined();
  });

  test('is free when there are none', async () => {
    const directory = await makeTemporaryDirectory();
    const dead = { machine: 'elsewhere', pid: 1, socket: 'lock-0b.sock' };
    await writeFile(join(directory, 'lock.3'), JSON.stringify(dead));
    await lock(directory, { patienceMs: 0, beatMs: 20, watchMs: 100 });
    expect(await readdir(directory)).toContain('lock.4');
  });

  test('is free at once when the last one was long ago, or it was released', async () => {
    const directory = await makeTemporaryDirectory();
    await writeFile(join(directory, 'lock.3'), JSON.stringify({ machine: 'x', pid: 1, socket: null }));
    await utimes(join(directory, 'lock.3'), 1, 1);
    await (await lock(directory, { ...atOnce, machine: 'y' })).release();
    await (await lock(directory, { ...atOnce, machine: 'z' })).release();
    expect(await readdir(directory)).toEqual(['lock.5']);
  });

  test.each(['', '{', 'null', '{"machine":5}', '{"machine":"x","pid":1,"socket":"../rooms"}'])(
    'is free when there are none, whatever a loss of power left of its file: %j',
    async (text) => {
      const directory = await makeTemporaryDirectory();
      await writeFile(join(directory, 'lock.1'), text);
      await lock(directory, { patienceMs: 0, beatMs: 20, watchMs: 100 });
      expect(JSON.parse(await readFile(join(directory, 'lock.2'), 'utf8'))).toMatchObject({
        pid: process.pid,
      });
    },
  );
});

test('a path that is too long for a socket is locked all the same, by signs of life', async () => {
  const directory = join(await makeTemporaryDirectory(), 'x'.repeat(100), 'y'.repeat(100));
  await mkdir(directory, { recursive: true });
  const first = await lock(directory, { patienceMs: 0, beatMs: 20 });
  await refusalOf(lockDirectory(directory, { patienceMs: 0, beatMs: 20, watchMs: 5_000 }));
  expect(await readdir(directory)).toEqual(['lock.1']);
  await first.release();
  await lock(directory);
  expect(await readdir(directory)).toEqual(['lock.2']);
});
