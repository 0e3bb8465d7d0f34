import { mkdir, utimes } from 'node:fs/promises';
import type { Logger, RoomJournal } from '@callbox/signaling';
import { readRooms } from './read-rooms.ts';
import { createRoomFiles, type Operation } from './room-files.ts';

/** Rooms written down in files, one for each, in a directory of their own. Only the owner may read them. */
export interface RoomJournalFiles extends RoomJournal {
  /** How many rooms are not written down now, because the disk fails. */
  countUnwritten(): number;
  /** Writes and syncs what there is, and closes the files. They stay. */
  close(): Promise<void>;
}

export interface RoomJournalOptions {
  /** Made if it is missing. */
  readonly directory: string;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** How often what was written is brought from the system's memory to the disk, in milliseconds: 1,000. */
  readonly syncMs?: number;
  /** For how long people wait for a disk that takes nothing, in milliseconds: 2,000. */
  readonly patienceMs?: number;
  /** How many characters may wait for the disk: 32 million. */
  readonly mostWaiting?: number;
  /** After how long a room that could not be written is tried again, in milliseconds: 10,000. */
  readonly tryAgainMs?: number;
}

/** How often the directory shows that the server lives. */
const aliveMs = 30_000;

/** What was handed over in one turn of the event loop, and who waits for it. */
interface Batch {
  readonly operations: Map<string, Operation[]>;
  readonly actions: (() => void)[];
  characters: number;
  isStarted: boolean;
}

/**
 * Opens the journal and reads what is in it.
 *
 * What has been handed over is written within the turn that follows, with one write for each room, and counts as written when
 * the operating system has it: it survives the death of the process. It is synced to the disk once a second: a machine that
 * loses power may lose that much.
 *
 * A disk that fails, or takes nothing for a while, ends no call: whoever waits for it is let go on, what was to be written is
 * dropped with what there was of those rooms, and they are handed over again as a whole when it works.
 */
export async function openRoomJournal(options: RoomJournalOptions): Promise<RoomJournalFiles> {
  const { directory, logger, patienceMs = 2_000, mostWaiting = 32_000_000, tryAgainMs = 10_000 } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const rooms = await readRooms(directory, logger);
  const files = createRoomFiles(directory, rooms.keys(), logger);
  const batches: Batch[] = [];
  /** Rooms of which something was dropped while the disk took nothing, and whether they live; null while it takes all. */
  let dropped: Map<string, boolean> | null = null;
  let closing: Promise<void> | null = null;

  const sync = setInterval(() => void files.syncAll(), options.syncMs ?? 1_000).unref();
  const alive = setInterval(() => void showLife(), aliveMs).unref();

  function handOver(room: string, operation: Operation): void {
    if (dropped !== null) return void dropped.set(room, operation.kind !== 'remove');
    let batch = batches.at(-1);
    if (batch === undefined || batch.isStarted) {
      batch = { operations: new Map(), actions: [], characters: 0, isStarted: false };
      batches.push(batch);
      if (batches.length === 1) setImmediate(() => void writeBatches());
    }
    const operations = batch.operations.get(room);
    if (operations === undefined) batch.operations.set(room, [operation]);
    else operations.push(operation);
    batch.characters += lengthOf(operation);
    if (batches.reduce((sum, { characters }) => sum + characters, 0) > mostWaiting) waitNoLonger();
  }

  async function writeBatches(): Promise<void> {
    for (let batch = batches[0]; batch !== undefined; batch = batches[0]) {
      batch.isStarted = true;
      const patience = setTimeout(waitNoLonger, patienceMs);
      await Promise.all([...batch.operations].map(([room, operations]) => files.write(room, operations)));
      clearTimeout(patience);
      if (dropped !== null) await goOn(dropped);
      // An action may ask for more.
      for (let index = 0; index < batch.actions.length; index += 1) act(batch.actions[index]);
      batches.shift();
    }
  }

  function act(action: (() => void) | undefined): void {
    try {
      action?.();
    } catch (error) {
      logger.error('what waited for the journal failed', { error });
    }
  }

  /** The disk takes nothing: nobody waits for it any more, and nothing for it is kept. */
  function waitNoLonger(): void {
    if (dropped !== null) return;
    const given = new Map<string, boolean>();
    dropped = given;
    const actions: (() => void)[] = [];
    for (const batch of batches) {
      for (const [room, operations] of batch.operations)
        given.set(room, operations.at(-1)?.kind !== 'remove');
      if (!batch.isStarted) batch.operations.clear();
      actions.push(...batch.actions.splice(0));
    }
    logger.error('the disk takes nothing: until it does, rooms would not outlive the server', {
      rooms: given.size,
    });
    for (const action of actions) act(action);
  }

  async function goOn(given: ReadonlyMap<string, boolean>): Promise<void> {
    // More may be added on the way.
    for (const [room, isAlive] of given) {
      if (isAlive) await files.giveUp(room, -Infinity);
      else await files.write(room, [{ kind: 'remove' }]);
    }
    dropped = null;
    logger.warn('the disk takes what it is given again', { rooms: given.size });
  }

  async function showLife(): Promise<void> {
    const now = new Date();
    await utimes(directory, now, now).catch(() => {});
  }

  function afterWritten(action: () => void): void {
    const last = batches.at(-1);
    if (last === undefined || dropped !== null) action();
    else last.actions.push(action);
  }

  async function close(): Promise<void> {
    clearInterval(sync);
    clearInterval(alive);
    await new Promise<void>(afterWritten);
    // A disk that takes nothing would hold this up for ever, too.
    if (dropped !== null) return;
    await files.syncAll();
    await files.closeAll();
    await showLife();
  }

  return {
    rooms,
    append: (room, line) => handOver(room, { kind: 'append', line }),
    replace: (room, lines) => handOver(room, { kind: 'replace', lines }),
    remove: (room) => handOver(room, { kind: 'remove' }),
    wantsWhole(room) {
      const triedAtMs = files.unwritten.get(room);
      return dropped === null && triedAtMs !== undefined && performance.now() - triedAtMs >= tryAgainMs;
    },
    afterWritten,
    countUnwritten: () => new Set([...files.unwritten.keys(), ...(dropped?.keys() ?? [])]).size,
    close: () => (closing ??= close()),
  };
}

function lengthOf(operation: Operation): number {
  switch (operation.kind) {
    case 'append':
      return operation.line.length;
    case 'replace':
      return operation.lines.reduce((sum, line) => sum + line.length, 0);
    case 'remove':
      return 0;
  }
}
