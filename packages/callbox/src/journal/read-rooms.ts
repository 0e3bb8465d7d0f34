import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@callbox/signaling';
import { decodeLines } from './journal-lines.ts';
import { ending, pathOf, unfinished } from './room-path.ts';

/** Nobody is on the way back after so long without a server, and what they said is not to be found by others. */
const forgetAfterMs = 60 * 60_000;

/** Reads the rooms in the directory, and removes what cannot be taken up again. */
export async function readRooms(
  directory: string,
  logger: Pick<Logger, 'warn'>,
): Promise<Map<string, readonly string[]>> {
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
