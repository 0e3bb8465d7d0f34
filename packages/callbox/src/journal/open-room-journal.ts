import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger, RoomJournal } from '@callbox/signaling';
import { decodeLines, encodeLine } from './journal-lines.ts';

/** Rooms written down in files, one for each, in a directory of their own. Only the owner may read them. */
export interface RoomJournalFiles extends RoomJournal {
  /** Writes and syncs what there is, and closes the files. They stay. */
  close(): Promise<void>;
}

export interface RoomJournalOptions {
  /** Made if it is missing. */
  readonly directory: string;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** How often what was written is brought from the system's memory to the disk, in milliseconds: 1,000. */
  readonly syncMs?: number;
}

/** Nobody is on the way back after so long without a server, and what they said is not to be found by others. */
const forgetAfterMs = 60 * 60_000;
/** How often the directory shows that the server lives. */
const aliveMs = 30_000;
const ending = '.journal';
/** The end of the name while a file is made that replaces another. */
const unfinished = '.new';

type Operation =
  | { readonly kind: 'append'; readonly line: string }
  | { readonly kind: 'replace'; readonly lines: readonly string[] }
  | { readonly kind: 'remove' };

/** What was handed over in one turn of the event loop, and who waits for it. */
interface Batch {
  readonly operations: Map<string, Operation[]>;
  readonly actions: (() => void)[];
  isStarted: boolean;
}

/** The file of one room. */
interface RoomFile {
  handle: FileHandle | null;
  /** It may be on the disk. */
  exists: boolean;
  /** It could not be written: nothing is, until the room is handed over as a whole. */
  isBroken: boolean;
  isDirty: boolean;
  syncing: Promise<void> | null;
}

/**
 * Opens the journal and reads what is in it.
 *
 * What has been handed over is written within the turn that follows, with one write for each room, and counts as written when
 * the operating system has it: it survives the death of the process. It is synced to the disk once a second: a machine that
 * loses power may lose that much.
 */
export async function openRoomJournal(options: RoomJournalOptions): Promise<RoomJournalFiles> {
  const { directory, logger } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const rooms = await readRooms(options);
  const files = new Map<string, RoomFile>();
  for (const name of rooms.keys()) files.set(name, newFile(true));
  const batches: Batch[] = [];
  let closing: Promise<void> | null = null;

  const sync = setInterval(() => void syncAll(), options.syncMs ?? 1_000).unref();
  const alive = setInterval(() => void showLife(), aliveMs).unref();

  function handOver(room: string, operation: Operation): void {
    let batch = batches.at(-1);
    if (batch === undefined || batch.isStarted) {
      batch = { operations: new Map(), actions: [], isStarted: false };
      batches.push(batch);
      if (batches.length === 1) setImmediate(() => void writeBatches());
    }
    const operations = batch.operations.get(room);
    if (operations === undefined) batch.operations.set(room, [operation]);
    else operations.push(operation);
  }

  async function writeBatches(): Promise<void> {
    for (let batch = batches[0]; batch !== undefined; batch = batches[0]) {
      batch.isStarted = true;
      await Promise.all([...batch.operations].map(([room, operations]) => writeRoom(room, operations)));
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

  async function writeRoom(room: string, operations: readonly Operation[]): Promise<void> {
    const file = files.get(room) ?? newFile(false);
    files.set(room, file);
    try {
      await applyOperations(room, file, operations);
    } catch (error) {
      // Better no room after the next start than one as it was a while ago.
      logger.error('a room cannot be written down: it would not outlive the server', { error });
      file.isBroken = true;
      await closeFile(file).catch(() => {});
      await rm(pathOf(directory, room), { force: true }).catch(() => {});
    }
  }

  async function applyOperations(
    room: string,
    file: RoomFile,
    operations: readonly Operation[],
  ): Promise<void> {
    // What is replaced or removed in the same turn need not be written.
    const last = operations.findLastIndex(({ kind }) => kind !== 'append');
    const whole = operations[last];
    if (whole?.kind === 'remove') {
      await closeFile(file);
      await rm(pathOf(directory, room), { force: true });
      files.delete(room);
      // Nothing follows: a room that begins anew is handed over as a whole.
      return;
    }
    const lines = operations.slice(last + 1).flatMap((one) => (one.kind === 'append' ? [one.line] : []));
    if (whole?.kind === 'replace') {
      await replaceFile(room, file, [JSON.stringify({ room }), ...whole.lines, ...lines]);
      file.isBroken = false;
    } else if (!file.isBroken && lines.length > 0) {
      if (file.handle === null) throw new Error('a room is continued that was never begun');
      await file.handle.appendFile(lines.map(encodeLine).join(''));
    }
    file.isDirty = true;
  }

  async function replaceFile(room: string, file: RoomFile, lines: readonly string[]): Promise<void> {
    const path = pathOf(directory, room);
    const temporary = `${path}${unfinished}`;
    await closeFile(file);
    file.handle = await open(file.exists ? temporary : path, 'w', 0o600);
    await file.handle.appendFile(lines.map(encodeLine).join(''));
    if (file.exists) {
      await file.handle.datasync();
      await rename(temporary, path);
    }
    file.exists = true;
  }

  async function closeFile(file: RoomFile): Promise<void> {
    const { handle } = file;
    file.handle = null;
    await file.syncing;
    await handle?.close();
  }

  async function syncAll(): Promise<void> {
    await Promise.all(
      [...files.values()].map(async (file) => {
        if (!file.isDirty || file.handle === null || file.syncing !== null) return;
        file.isDirty = false;
        file.syncing = file.handle.datasync().catch((error: unknown) => {
          logger.warn('a room could not be synced to the disk', { error });
        });
        await file.syncing;
        file.syncing = null;
      }),
    );
  }

  async function showLife(): Promise<void> {
    const now = new Date();
    await utimes(directory, now, now).catch(() => {});
  }

  async function close(): Promise<void> {
    clearInterval(sync);
    clearInterval(alive);
    await new Promise<void>((resolve) => {
      const last = batches.at(-1);
      if (last === undefined) resolve();
      else last.actions.push(resolve);
    });
    await syncAll();
    await Promise.all([...files.values()].map(closeFile));
    await showLife();
  }

  return {
    rooms,
    append: (room, line) => handOver(room, { kind: 'append', line }),
    replace: (room, lines) => handOver(room, { kind: 'replace', lines }),
    remove: (room) => handOver(room, { kind: 'remove' }),
    afterWritten(action) {
      const last = batches.at(-1);
      if (last === undefined) action();
      else last.actions.push(action);
    },
    close: () => (closing ??= close()),
  };
}

function newFile(exists: boolean): RoomFile {
  return { handle: null, exists, isBroken: false, isDirty: false, syncing: null };
}

/** A room's name may be any text, and is nobody's business who looks at a list of files. */
function pathOf(directory: string, room: string): string {
  return join(directory, `${createHash('sha256').update(room).digest('hex').slice(0, 40)}${ending}`);
}

async function readRooms({ directory, logger }: RoomJournalOptions): Promise<Map<string, readonly string[]>> {
  const rooms = new Map<string, readonly string[]>();
  const { mtimeMs } = await stat(directory);
  const isForgotten = Date.now() - mtimeMs > forgetAfterMs;
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if (name.endsWith(`${ending}${unfinished}`)) await rm(path, { force: true });
    if (!name.endsWith(ending)) continue;
    const room = isForgotten ? null : await readRoom(directory, path);
    if (room === null) {
      logger.warn('a room is not taken up again', { reason: isForgotten ? 'too old' : 'damaged' });
      await rm(path, { force: true });
    } else rooms.set(room.name, room.lines);
  }
  return rooms;
}

async function readRoom(
  directory: string,
  path: string,
): Promise<{ readonly name: string; readonly lines: readonly string[] } | null> {
  const [head = '', ...lines] = decodeLines(await readFile(path, 'utf8')) ?? [];
  const name = nameIn(head);
  return name !== null && pathOf(directory, name) === path && lines.length > 0 ? { name, lines } : null;
}

function nameIn(head: string): string | null {
  try {
    const value: unknown = JSON.parse(head);
    if (typeof value !== 'object' || value === null || !('room' in value)) return null;
    return typeof value.room === 'string' ? value.room : null;
  } catch {
    return null;
  }
}
