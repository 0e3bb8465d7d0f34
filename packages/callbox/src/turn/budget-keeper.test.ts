import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDataDirectory, type DataDirectory } from '../data-directory.ts';
import { createLogger } from '../log/create-logger.ts';
import { makeTemporaryDirectory } from '../testing/temporary-directory.ts';
import { startBudgetKeeper, type BudgetKeeper } from './budget-keeper.ts';

const november = Date.UTC(2026, 10, 22);

/** A keeper whose clock and counters are set by hand. */
async function keep(path: string, limitOctets: number | undefined, directory?: DataDirectory) {
  const clock = { nowMs: november, sent: 0 };
  const changes: number[] = [];
  const logged: string[] = [];
  const keeper = await startBudgetKeeper({
    limitOctets,
    directory: directory ?? (await openDataDirectory(path)),
    sentInAll: () => clock.sent,
    now: () => clock.nowMs,
    onChange: () => void changes.push(clock.sent),
    logger: createLogger({ level: 'info', format: 'text', write: (line) => logged.push(line) }),
  });
  onTestFinished(keeper.stop);
  const send = (keeperOf: BudgetKeeper, octets: number, afterMs: number): Promise<void> => {
    clock.sent += octets;
    clock.nowMs += afterMs;
    return keeperOf.count();
  };
  return { keeper, changes, logged, clock, send: send.bind(undefined, keeper) };
}

const fileOf = (path: string): Promise<string> => readFile(join(path, 'relay-budget'), 'utf8');

test('what was sent outlives a restart', async () => {
  const path = await makeTemporaryDirectory();
  const first = await keep(path, 1_000);
  first.clock.sent = 700;
  await first.keeper.stop();
  const second = await keep(path, 1_000);
  expect(second.keeper.state()).toEqual({ month: '2026-11', octets: 700 });
  await second.send(300, 0);
  expect(second.keeper.isUsedUp()).toBe(true);
});

test('the file is written once a minute at most, and at once where something changes', async () => {
  const path = await makeTemporaryDirectory();
  const { send } = await keep(path, 1_000);
  await send(100, 59_999);
  await expect(fileOf(path)).rejects.toThrow('ENOENT');
  await send(0, 1);
  expect(await fileOf(path)).toBe('2026-11 100\n');
  await send(100, 5_000);
  expect(await fileOf(path)).toBe('2026-11 100\n');
  await send(700, 5_000);
  expect(await fileOf(path)).toBe('2026-11 900\n');
});

test('the operator is warned at four fifths and at the end, and told when it is there again', async () => {
  const { send, changes, logged, keeper, clock } = await keep(await makeTemporaryDirectory(), 1_000);
  await send(799, 5_000);
  expect(logged).toEqual([]);
  await send(1, 5_000);
  await send(200, 5_000);
  expect(keeper.isUsedUp()).toBe(true);
  clock.nowMs = Date.UTC(2026, 11, 1);
  await send(0, 0);
  expect(keeper.isUsedUp()).toBe(false);
  expect(changes).toEqual([1_000, 1_000]);
  expect(logged.map((line) => line.slice(9))).toEqual([
    expect.stringMatching(/^warn {2}four fifths .* octets=800 limitOctets=1000\n$/),
    expect.stringMatching(/^warn {2}the relay budget of this month is used up/),
    expect.stringMatching(/^info {2}a new month/),
  ]);
});

test('a file that is none is counted anew, and said so', async () => {
  const path = await makeTemporaryDirectory();
  await writeFile(join(path, 'relay-budget'), 'nonsense');
  const { keeper, logged } = await keep(path, 1_000);
  expect(keeper.state().octets).toBe(0);
  expect(logged).toHaveLength(1);
});

test('a file that the system does not give is counted anew, and said so', async () => {
  const real = await openDataDirectory(await makeTemporaryDirectory());
  const directory: DataDirectory = { ...real, read: () => Promise.reject(new Error('EACCES')) };
  const { keeper, logged } = await keep('', 1_000, directory);
  expect(keeper.state().octets).toBe(0);
  expect(logged.join('')).toContain('EACCES');
});

test('a write that fails is reported, and made up for', async () => {
  const path = await makeTemporaryDirectory();
  const real = await openDataDirectory(path);
  let isFull = true;
  const directory: DataDirectory = {
    ...real,
    write: (name, text) => (isFull ? Promise.reject(new Error('ENOSPC')) : real.write(name, text)),
  };
  const { send, logged } = await keep(path, 1_000, directory);
  await send(100, 60_000);
  expect(logged).toHaveLength(1);
  isFull = false;
  await send(0, 60_000);
  expect(await fileOf(path)).toBe('2026-11 100\n');
});
