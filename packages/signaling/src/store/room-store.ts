import { parseRoomName, type RoomName } from '@callbox/contract';
import type { Logger } from '../gateway/signaling-server-options.ts';
import { applyRoomFact } from '../rooms/apply-room-fact.ts';
import type { RoomFact } from '../rooms/room-fact.ts';
import { emptyRoom, isOver, type RoomState } from '../rooms/room-state.ts';
import type { RoomJournal } from './room-journal.ts';
import { readFact, readState, writeFact, writeState } from './room-record.ts';

/** Where rooms are kept. The one place through which a room changes: what must outlive the process is written here. */
export interface RoomStore {
  /** The room as it is; an empty one if nobody is inside. */
  get(name: RoomName): RoomState;
  /** Makes the fact so, and returns the room after it. */
  record(name: RoomName, fact: RoomFact): RoomState;
  /** The rooms with somebody inside, or with one who may come again. */
  names(): readonly RoomName[];
  /** Hands over again what the journal could not write. To be called now and then. */
  repair(): void;
  /** Calls back when everything recorded before is written; at once if it is, or if nothing is written down. */
  afterWritten(action: () => void): void;
  counts(): { readonly rooms: number; readonly participants: number };
}

export interface RoomStoreOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/** Facts are written one by one until they are as long as this, and this many times as long as the room itself. */
const leastTailCharacters = 262_144;
const tailShare = 4;

/** How long the lines of a room are. */
interface Written {
  stateCharacters: number;
  tailCharacters: number;
}

/**
 * Keeps rooms in memory, and writes them down if there is a journal. A room is gone, its chat with it, when the last
 * participant has left and none may come again. What the journal has from before is there at once.
 */
export function createRoomStore(journal: RoomJournal | null, { now, logger }: RoomStoreOptions): RoomStore {
  const rooms = new Map<RoomName, RoomState>();
  const written = new Map<RoomName, Written>();

  function writeWhole(name: RoomName, room: RoomState): void {
    const line = writeState(room);
    written.set(name, { stateCharacters: line.length, tailCharacters: 0 });
    journal?.replace(name, [line]);
  }

  function write(name: RoomName, room: RoomState, fact: RoomFact): void {
    if (journal === null) return;
    const lengths = written.get(name);
    if (isOver(room)) {
      written.delete(name);
      journal.remove(name);
    } else if (lengths === undefined) {
      writeWhole(name, room);
    } else {
      const line = writeFact(fact);
      lengths.tailCharacters += line.length;
      const mostCharacters = Math.max(leastTailCharacters, tailShare * lengths.stateCharacters);
      if (lengths.tailCharacters > mostCharacters) writeWhole(name, room);
      else journal.append(name, line);
    }
  }

  function record(name: RoomName, fact: RoomFact): RoomState {
    const before = rooms.get(name) ?? emptyRoom;
    const room = applyRoomFact(before, fact);
    if (room === before) return room;
    if (isOver(room)) rooms.delete(name);
    else rooms.set(name, room);
    write(name, room, fact);
    return room;
  }

  /** Those who cannot come back are gone; what was told before and not written is told apart from now on. */
  function restore(text: string, lines: readonly string[]): void {
    const name = parseRoomName(text);
    const room = name.ok && name.value === text ? rebuild(lines) : null;
    if (!name.ok || room === null) {
      logger.warn('a room was written down in a way that cannot be read: it starts afresh');
      journal?.remove(text);
      return;
    }
    rooms.set(name.value, room);
    writeWhole(name.value, room);
    record(name.value, { kind: 'server-restarted', atMs: now() });
    for (const [id, { seat }] of room.members) {
      if (seat === null) record(name.value, { kind: 'participant-left', id, reason: 'disconnected' });
    }
    logger.info('a room was restored', { participants: rooms.get(name.value)?.members.size ?? 0 });
  }

  for (const [name, lines] of journal?.rooms ?? []) restore(name, lines);

  return {
    get: (name) => rooms.get(name) ?? emptyRoom,
    record,
    names: () => [...rooms.keys()],
    repair() {
      if (journal === null) return;
      for (const [name, room] of rooms) if (journal.wantsWhole(name)) writeWhole(name, room);
    },
    afterWritten(action) {
      if (journal === null) action();
      else journal.afterWritten(action);
    },
    counts() {
      let participants = 0;
      for (const room of rooms.values()) participants += room.members.size;
      return { rooms: rooms.size, participants };
    },
  };
}

/** The room that these lines lead to; null if they do not fit each other, or lead to nobody. */
function rebuild([first = '', ...facts]: readonly string[]): RoomState | null {
  const state = readState(first);
  if (!state.ok) return null;
  let room = state.value;
  for (const line of facts) {
    const fact = readFact(line);
    if (!fact.ok) return null;
    try {
      room = applyRoomFact(room, fact.value);
    } catch {
      // About somebody who is not there.
      return null;
    }
  }
  return isOver(room) ? null : room;
}
