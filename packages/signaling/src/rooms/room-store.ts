import type { RoomName } from '@callbox/contract';
import { applyRoomFact } from './apply-room-fact.ts';
import type { RoomFact } from './room-fact.ts';
import { emptyRoom, type RoomState } from './room-state.ts';

/** Where rooms are kept. The one place through which a room changes: what must outlive the process is written here. */
export interface RoomStore {
  /** The room as it is; an empty one if nobody is inside. */
  get(name: RoomName): RoomState;
  /** Makes the fact so, and returns the room after it. */
  record(name: RoomName, fact: RoomFact): RoomState;
  counts(): { readonly rooms: number; readonly participants: number };
}

/** Keeps rooms in memory. A room is gone, its chat with it, when the last participant leaves. */
export function createMemoryRoomStore(): RoomStore {
  const rooms = new Map<RoomName, RoomState>();
  return {
    get: (name) => rooms.get(name) ?? emptyRoom,
    record(name, fact) {
      const room = applyRoomFact(rooms.get(name) ?? emptyRoom, fact);
      if (room.members.size === 0) rooms.delete(name);
      else rooms.set(name, room);
      return room;
    },
    counts() {
      let participants = 0;
      for (const room of rooms.values()) participants += room.members.size;
      return { rooms: rooms.size, participants };
    },
  };
}
