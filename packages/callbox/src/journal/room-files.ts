import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import type { Logger } from '@callbox/signaling';
import { encodeLine } from './journal-lines.ts';
import { pathOf, unfinished } from './room-path.ts';

export type Operation =
  | { readonly kind: 'append'; readonly line: string }
  | { readonly kind: 'replace'; readonly lines: readonly string[] }
  | { readonly kind: 'remove' };

/** The files of rooms, one for each. */
export interface RoomFiles {
  /** Carries out what was asked of a room. What fails is reported, and leaves no file of it: see `unwritten`. */
  write(room: string, operations: readonly Operation[]): Promise<void>;
  /** Removes what there is of a room of which something was not written, by a try at that time. */
  giveUp(room: string, triedAtMs: number): Promise<void>;
  /**
   * Rooms that go on without being written down, for that failed, with the time of the last try by `performance.now`. Until one
   * is handed over as a whole nothing of it is written: better no room after the next start than one as it was a while ago.
   */
  readonly unwritten: ReadonlyMap<string, number>;
  syncAll(): Promise<void>;
  closeAll(): Promise<void>;
}

/** The file of one room. */
interface RoomFile {
  handle: FileHandle | null;
  /** It may be on the disk. */
  exists: boolean;
  isDirty: boolean;
  syncing: Promise<void> | null;
}

/** @param known the rooms that are on the disk already. */
export function createRoomFiles(
  directory: string,
  known: Iterable<string>,
  logger: Pick<Logger, 'info' | 'warn' | 'error'>,
): RoomFiles {
  const files = new Map<string, RoomFile>();
  const unwritten = new Map<string, number>();
  for (const room of known) files.set(room, newFile(true));

  async function write(room: string, operations: readonly Operation[]): Promise<void> {
    try {
      await applyOperations(room, operations);
    } catch (error) {
      if (!unwritten.has(room)) {
        logger.error('a room cannot be written down: it would not outlive the server', { error });
      }
      await giveUp(room, performance.now());
      // A room that is over is not handed over again.
      if (operations.at(-1)?.kind === 'remove') unwritten.delete(room);
    }
  }

  async function giveUp(room: string, triedAtMs: number): Promise<void> {
    unwritten.set(room, triedAtMs);
    const file = files.get(room);
    if (file !== undefined) await closeFile(file).catch(() => {});
    await rm(pathOf(directory, room), { force: true }).catch(() => {});
  }

  async function applyOperations(room: string, operations: readonly Operation[]): Promise<void> {
    const file = files.get(room) ?? newFile(false);
    files.set(room, file);
    // What is replaced or removed in the same turn need not be written.
    const last = operations.findLastIndex(({ kind }) => kind !== 'append');
    const whole = operations[last];
    if (whole?.kind === 'remove') {
      await closeFile(file);
      await rm(pathOf(directory, room), { force: true });
      files.delete(room);
      unwritten.delete(room);
      // Nothing follows: a room that begins anew is handed over as a whole.
      return;
    }
    const lines = operations.slice(last + 1).flatMap((one) => (one.kind === 'append' ? [one.line] : []));
    if (whole?.kind === 'replace') {
      await replaceFile(room, file, [JSON.stringify({ room }), ...whole.lines, ...lines]);
      if (unwritten.delete(room)) logger.info('a room is written down again');
    } else if (!unwritten.has(room) && lines.length > 0) {
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

  return {
    write,
    giveUp,
    unwritten,
    async syncAll() {
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
    },
    async closeAll() {
      await Promise.all([...files.values()].map(closeFile));
    },
  };
}

async function closeFile(file: RoomFile): Promise<void> {
  const { handle } = file;
  file.handle = null;
  await file.syncing;
  await handle?.close();
}

function newFile(exists: boolean): RoomFile {
  return { handle: null, exists, isDirty: false, syncing: null };
}
