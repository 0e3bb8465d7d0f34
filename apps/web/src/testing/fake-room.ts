import type {
  ChatMessage,
  LinkStatistics,
  ParticipantId,
  Refusal,
  RemoteParticipantSnapshot,
  Room,
  RoomEvents,
  RoomSnapshot,
} from '@callbox/client';
import { createFakeSource, type FakeSource } from './fake-source.ts';

/** An id as the server would issue it. */
export const fakeId = (text: string) => text as ParticipantId;

type Listeners = { [TName in keyof RoomEvents]: Set<(event: RoomEvents[TName]) => void> };

/** A room whose state the test sets. */
export interface FakeRoom {
  readonly room: Room;
  readonly source: FakeSource<RoomSnapshot>;
  emit<TName extends keyof RoomEvents>(name: TName, event: RoomEvents[TName]): void;
  /** What `sendChat` answers from now on. */
  refuseChat(refusal: Refusal | null): void;
  /** Somebody comes in. */
  join(participant: RemoteParticipantSnapshot): void;
  /** Somebody goes. */
  drop(id: ParticipantId): void;
  /** Somebody says something. */
  say(message: ChatMessage): void;
  /** How loud people are from now on. */
  setLevels(levels: ReadonlyMap<string, number>): void;
  /** What the last look at the connections showed. */
  setStatistics(statistics: ReadonlyMap<ParticipantId, LinkStatistics>): void;
  /** Resolves once somebody listens to `name`. */
  whenHeard(name: keyof RoomEvents): Promise<void>;
}

export function createFakeRoom(initial: RoomSnapshot): FakeRoom {
  const source = createFakeSource(initial);
  const listeners: Listeners = {
    'state-changed': new Set(),
    'participant-joined': new Set(),
    'participant-left': new Set(),
    'participant-updated': new Set(),
    'chat-received': new Set(),
    'started-afresh': new Set(),
    'app-message': new Set(),
    'channel-opened': new Set(),
    'statistics-taken': new Set(),
  };
  let levels: ReadonlyMap<string, number> = new Map();
  let statistics: ReadonlyMap<ParticipantId, LinkStatistics> = new Map();
  let chatRefusal: Refusal | null = null;
  let sent = 0;
  const waiting = new Map<keyof RoomEvents, () => void>();

  function emit<TName extends keyof RoomEvents>(name: TName, event: RoomEvents[TName]): void {
    for (const listener of listeners[name]) listener(event);
  }

  function keep(message: ChatMessage): void {
    source.set({ chat: [...source.snapshot.chat, message] });
  }

  const room: Room = {
    get snapshot() {
      return source.snapshot;
    },
    subscribe: (listener) => source.subscribe(listener),
    on(name, listener) {
      listeners[name].add(listener);
      waiting.get(name)?.();
      return () => listeners[name].delete(listener);
    },
    async sendChat(text) {
      if (chatRefusal !== null) return chatRefusal;
      sent += 1;
      const { self } = source.snapshot;
      keep({
        authorId: self.id ?? fakeId('self'),
        sequence: sent,
        authorName: self.displayName,
        text,
        sentAtMs: Date.now(),
      });
      return null;
    },
    setDisplayName(displayName) {
      source.set({ self: { ...source.snapshot.self, displayName } });
      return Promise.resolve(null);
    },
    sendApp: () => Promise.resolve(null),
    openChannel: () => null,
    level: (id) => levels.get(id) ?? 0,
    want() {},
    statistics: (id) => statistics.get(id) ?? null,
    dataUsed: () => ({ bytesSent: 148_300_000, bytesReceived: 312_700_000 }),
    setStatisticsPace() {},
    keepPictures: () => source.set({ uplink: 'saving' }),
    leave() {
      if (source.snapshot.state.kind === 'left') return;
      source.set({ state: { kind: 'left', reason: 'left' }, participants: [] });
    },
    part() {
      room.leave();
      return 'ticket';
    },
  };

  return {
    room,
    source,
    emit,
    refuseChat(refusal) {
      chatRefusal = refusal;
    },
    join(participant) {
      source.set({ participants: [...source.snapshot.participants, participant] });
      emit('participant-joined', participant);
    },
    drop(id) {
      const gone = source.snapshot.participants.find((participant) => participant.id === id);
      if (gone === undefined) return;
      source.set({
        participants: source.snapshot.participants.filter((participant) => participant !== gone),
      });
      emit('participant-left', { id, displayName: gone.displayName, mayReturn: false });
    },
    say(message) {
      keep(message);
      emit('chat-received', message);
    },
    setStatistics(next) {
      statistics = next;
    },
    whenHeard(name) {
      if (listeners[name].size > 0) return Promise.resolve();
      return new Promise((resolve) => waiting.set(name, resolve));
    },
    setLevels(next) {
      levels = next;
    },
  };
}
