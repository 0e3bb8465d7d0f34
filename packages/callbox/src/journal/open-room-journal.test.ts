import { execFileSync } from 'node:child_process';
import {
  appendFile,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
  mkdir,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pathOf } from './room-path.ts';
import { openRoomJournal, type RoomJournalFiles, type RoomJournalOptions } from './open-room-journal.ts';

const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
let directory: string;
let open: RoomJournalFiles[];

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'callbox-rooms-')), 'rooms');
  open = [];
  for (const log of Object.values(logger)) log.mockReset();
});
afterEach(async () => {
  for (const journal of open) await journal.close();
  await rm(join(directory, '..'), { recursive: true });
});

async function start(more: Partial<RoomJournalOptions> = {}): Promise<RoomJournalFiles> {
  const journal = await openRoomJournal({ directory, logger, ...more });
  open.push(journal);
  return journal;
}

/** The file of the only room there is. */
async function onlyFile(): Promise<string> {
  const [name = ''] = await readdir(directory);
  return join(directory, name);
}

const written = (journal: RoomJournalFiles): Promise<void> =>
  new Promise((resolve) => journal.afterWritten(resolve));
const roomsOf = ({ rooms }: RoomJournalFiles): unknown => Object.fromEntries(rooms);

describe('the journal of rooms', () => {
  it('has after a start what was written before it, without having been closed', async () => {
    const first = await start();
    first.replace('blue', ['1']);
    first.append('blue', '2');
    first.replace('__proto__', ['p']);
    await written(first);
    first.append('blue', '3');
    await written(first);
    expect([...(await start()).rooms]).toEqual(
      expect.arrayContaining([
        ['blue', ['1', '2', '3']],
        ['__proto__', ['p']],
      ]),
    );
  });

  it('replaces the lines of a room, and goes on after them', async () => {
    const first = await start();
    first.replace('blue', ['1']);
    await written(first);
    first.append('blue', 'never read');
    first.replace('blue', ['all']);
    first.append('blue', 'more');
    await written(first);
    first.append('blue', 'and more');
    await written(first);
    expect(roomsOf(await start())).toEqual({ blue: ['all', 'more', 'and more'] });
    expect(await readdir(directory)).toHaveLength(1);
  });

  it('goes on from what an earlier process wrote', async () => {
    const first = await start();
    first.replace('blue', ['1']);
    await written(first);
    const second = await start();
    second.replace('blue', ['1 again']);
    second.append('blue', '2');
    await written(second);
    expect(roomsOf(await start())).toEqual({ blue: ['1 again', '2'] });
  });

  it('removes the file with the room, also one that begins anew in the same turn', async () => {
    const journal = await start();
    journal.replace('blue', ['1']);
    await written(journal);
    journal.remove('blue');
    await written(journal);
    expect(await readdir(directory)).toEqual([]);
    journal.replace('blue', ['2']);
    journal.remove('blue');
    journal.replace('blue', ['3']);
    await written(journal);
    expect(roomsOf(await start())).toEqual({ blue: ['3'] });
  });

  it('is read by its owner only, and does not show the names of rooms to who lists it', async () => {
    const journal = await start();
    journal.replace('team-blue', ['1']);
    await written(journal);
    const file = await onlyFile();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect(file).not.toContain('blue');
    journal.replace('team-blue', ['2']);
    await written(journal);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('calls back at once when there is nothing to write, and otherwise in order and after it is written', async () => {
    const journal = await start();
    const order: string[] = [];
    journal.afterWritten(() => order.push('at once'));
    expect(order).toEqual(['at once']);
    journal.replace('blue', ['1']);
    journal.afterWritten(() => {
      order.push('first');
      journal.append('blue', '2');
      journal.afterWritten(() => order.push('third'));
    });
    journal.afterWritten(() => order.push('second'));
    expect(order).toEqual(['at once']);
    await vi.waitFor(() => expect(order).toEqual(['at once', 'first', 'second', 'third']));
    expect(await readFile(await onlyFile(), 'utf8')).toMatch(/ 1\n.* 2\n$/);
  });

  it('goes on when one who waited fails', async () => {
    const journal = await start();
    journal.replace('blue', ['1']);
    journal.afterWritten(() => {
      throw new Error('oh');
    });
    await written(journal);
    expect(logger.error).toHaveBeenCalledOnce();
  });

  it('leaves out a torn last line, and a whole room that is damaged', async () => {
    const first = await start();
    first.replace('blue', ['1']);
    first.append('blue', '2');
    await written(first);
    const file = await onlyFile();
    await appendFile(file, '1234 torn');
    expect(roomsOf(await start())).toEqual({ blue: ['1', '2'] });
    const content = await readFile(file, 'utf8');
    await writeFile(file, content.replace(' 1\n', ' 7\n'));
    expect(roomsOf(await start())).toEqual({});
    expect(logger.warn).toHaveBeenCalledOnce();
    expect(await readdir(directory)).toEqual([]);
  });

  it('does not take up what is an hour old, nor what was not finished, and leaves what is not its own', async () => {
    const first = await start();
    first.replace('blue', ['1']);
    await written(first);
    await writeFile(`${await onlyFile()}.new`, 'half');
    await writeFile(join(directory, 'README'), 'mine');
    const longAgo = new Date(Date.now() - 61 * 60_000);
    await utimes(directory, longAgo, longAgo);
    expect(roomsOf(await start())).toEqual({});
    expect(await readdir(directory)).toEqual(['README']);
  });

  it('reports a room that cannot be written, holds nobody up, and takes it again as a whole', async () => {
    const journal = await start();
    await rm(directory, { recursive: true });
    journal.replace('blue', ['1']);
    await written(journal);
    expect(logger.error).toHaveBeenCalledOnce();
    journal.append('blue', '2');
    await written(journal);
    expect(logger.error).toHaveBeenCalledOnce();
    await mkdir(directory, { mode: 0o700 });
    journal.append('blue', '3');
    journal.replace('blue', ['1 to 3']);
    journal.append('blue', '4');
    await written(journal);
    expect(roomsOf(await start())).toEqual({ blue: ['1 to 3', '4'] });
  });

  it('has everything when it is closed', async () => {
    const journal = await start();
    journal.replace('blue', ['1']);
    for (let line = 2; line <= 50; line += 1) journal.append('blue', String(line));
    await journal.close();
    await journal.close();
    expect((await start()).rooms.get('blue')).toHaveLength(50);
  });
});

describe.runIf(process.platform === 'linux')('a disk that is full', () => {
  it('ends nothing, is told of once for each room, and counted until the room is written again', async () => {
    const journal = await start({ tryAgainMs: 0 });
    // Whatever is written to this device fails as on a full disk.
    for (const room of ['blue', 'red']) await symlink('/dev/full', pathOf(directory, room));
    for (const room of ['blue', 'red']) journal.replace(room, ['1']);
    for (let count = 2; count < 10; count += 1) {
      journal.append('blue', String(count));
      await written(journal);
    }
    expect(logger.error).toHaveBeenCalledTimes(2);
    expect(logger.error.mock.calls[0]?.[1]).toMatchObject({ error: { code: 'ENOSPC' } });
    expect(journal.countUnwritten()).toBe(2);
    expect(['blue', 'red', 'green'].map((room) => journal.wantsWhole(room))).toEqual([true, true, false]);
    // There is room again; of the two, one is over by then.
    journal.replace('blue', ['1 to 9']);
    journal.remove('red');
    await written(journal);
    expect(journal.countUnwritten()).toBe(0);
    expect(roomsOf(await start())).toEqual({ blue: ['1 to 9'] });
  });

  it('is not tried again at once', async () => {
    const journal = await start();
    await symlink('/dev/full', pathOf(directory, 'blue'));
    journal.replace('blue', ['1']);
    await written(journal);
    expect([journal.countUnwritten(), journal.wantsWhole('blue')]).toEqual([1, false]);
  });
});

describe.runIf(process.platform === 'linux')('a disk that takes nothing', () => {
  /** Whoever opens this for writing waits until somebody reads. */
  async function makeStuck(room: string): Promise<void> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    execFileSync('mkfifo', [pathOf(directory, room)]);
  }

  it('is waited for a moment, then holds nobody up, and nothing for it is kept', async () => {
    const journal = await start({ patienceMs: 100 });
    await makeStuck('blue');
    journal.replace('blue', ['1']);
    const order: string[] = [];
    journal.afterWritten(() => order.push('first'));
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    journal.append('blue', '2');
    journal.replace('red', ['1']);
    journal.replace('over', ['1']);
    journal.afterWritten(() => order.push('second'));
    expect(order).toEqual([]);
    await vi.waitFor(() => expect(order).toEqual(['first', 'second']));
    expect(logger.error).toHaveBeenCalledOnce();
    expect(journal.countUnwritten()).toBe(3);
    for (let count = 3; count < 1_000; count += 1) journal.append('blue', String(count));
    journal.remove('over');
    journal.afterWritten(() => order.push('at once'));
    expect(order).toHaveLength(3);
    expect(journal.wantsWhole('blue')).toBe(false);

    // It works again.
    void readFile(pathOf(directory, 'blue'));
    await vi.waitFor(() => expect(logger.warn).toHaveBeenCalledOnce());
    expect(['blue', 'red', 'over'].map((room) => journal.wantsWhole(room))).toEqual([true, true, false]);
    journal.append('red', 'of what was not written, nothing is continued');
    journal.replace('blue', ['all']);
    journal.append('blue', 'more');
    await written(journal);
    expect(roomsOf(await start())).toEqual({ blue: ['all', 'more'] });
    expect(journal.countUnwritten()).toBe(1);
  });

  it('is given up at once when too much waits for it', async () => {
    const journal = await start({ patienceMs: 60_000, mostWaiting: 1_000 });
    await makeStuck('blue');
    journal.replace('blue', ['1']);
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    const settled = vi.fn();
    journal.afterWritten(settled);
    for (let count = 0; count < 20; count += 1) {
      expect(settled).not.toHaveBeenCalled();
      journal.append('blue', 'x'.repeat(50));
    }
    expect(settled).toHaveBeenCalledOnce();
    void readFile(pathOf(directory, 'blue'));
    await vi.waitFor(() => expect(logger.warn).toHaveBeenCalledOnce());
  });

  it('does not keep the server from ending', async () => {
    const journal = await start({ patienceMs: 50 });
    await makeStuck('blue');
    journal.replace('blue', ['1']);
    await journal.close();
    expect(logger.error).toHaveBeenCalledOnce();
    void readFile(pathOf(directory, 'blue'));
    await vi.waitFor(() => expect(logger.warn).toHaveBeenCalledOnce());
  });
});
