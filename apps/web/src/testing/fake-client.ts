import type { CallboxClient, JoinOptions, PeekResult, RoomName, RoomSnapshot } from '@callbox/client';
import { createFakeRoom, fakeId, type FakeRoom } from './fake-room.ts';

export interface FakeClient {
  readonly client: CallboxClient;
  /** The rooms joined so far, the last one last. */
  readonly rooms: readonly FakeRoom[];
  readonly joins: readonly JoinOptions[];
}

export interface FakeClientOptions {
  readonly peek?: Promise<PeekResult>;
  /** Called with each new room, to set its scene. */
  readonly onJoin?: (room: FakeRoom, options: JoinOptions) => void;
}

export function emptySnapshot(options: Pick<JoinOptions, 'room' | 'displayName'>): RoomSnapshot {
  return {
    state: { kind: 'joining' },
    room: options.room as RoomName,
    self: {
      id: null,
      displayName: options.displayName,
      media: { audio: false, video: false, screen: false },
      joinedAtMs: null,
      formerIds: [],
    },
    participants: [],
    chat: [],
    unsentChat: [],
    maxParticipants: null,
    uplink: 'good',
  };
}

/** Brings a room from `joining` to `joined`. */
export function admit(room: FakeRoom, change: Partial<RoomSnapshot> = {}): void {
  const { self } = room.source.snapshot;
  room.source.set({
    state: { kind: 'joined' },
    self: { ...self, id: fakeId('me'), joinedAtMs: Date.now() },
    maxParticipants: 8,
    ...change,
  });
  room.emit('state-changed', { kind: 'joined' });
}

export function createFakeClient(options: FakeClientOptions = {}): FakeClient {
  const rooms: FakeRoom[] = [];
  const joins: JoinOptions[] = [];
  const nobody: PeekResult = {
    ok: true,
    peek: { room: 'room' as RoomName, displayNames: [], maxParticipants: 8 },
  };
  return {
    rooms,
    joins,
    client: {
      connect: () => Promise.resolve(null),
      peekRoom: () => options.peek ?? Promise.resolve(nobody),
      joinRoom(join) {
        const room = createFakeRoom(emptySnapshot(join));
        rooms.push(room);
        joins.push(join);
        options.onJoin?.(room, join);
        return room.room;
      },
      close() {},
    },
  };
}
