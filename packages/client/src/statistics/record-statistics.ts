import type { ParticipantId } from '@callbox/contract';
import type { MediaPath, Room, RoomEvents, RoomSnapshot } from '../room-types.ts';
import type { DataUsed, LinkQuality, LinkStatistics, UplinkState } from '../statistics-types.ts';

/** What was seen of one participant at one look. */
export interface ParticipantLook {
  readonly id: ParticipantId;
  readonly displayName: string;
  /** Null while there is no connection, or its path is not known yet. */
  readonly path: MediaPath | null;
  readonly quality: LinkQuality | null;
  /** Null while nothing could be seen. */
  readonly link: LinkStatistics | null;
}

/** One look at all connections of a room. */
export interface StatisticsLook {
  /** By this browser's clock (milliseconds since 1970). */
  readonly atMs: number;
  readonly uplink: UplinkState;
  readonly dataUsed: DataUsed;
  readonly participants: readonly ParticipantLook[];
}

/** What was seen of a room lately, the oldest look first. */
export interface StatisticsRecord {
  readonly looks: readonly StatisticsLook[];
  /** Calls `listener` after each look. @returns the way to stop. */
  subscribe(listener: () => void): () => void;
  /** The whole record as JSON, for who has to find out what went wrong: names and figures, no addresses. */
  toJson(): string;
  /** Keeps what there is, and looks no more. */
  stop(): void;
}

/** What a record needs of a room. */
export interface RecordedRoom extends Pick<Room, 'statistics' | 'dataUsed'> {
  readonly snapshot: Pick<RoomSnapshot, 'room' | 'participants' | 'uplink'>;
  on(name: 'statistics-taken', listener: (event: RoomEvents['statistics-taken']) => void): () => void;
}

/** Ten minutes at the usual pace. */
const looksKept = 300;

/** Keeps what is seen of a room's connections from now on, the last 300 looks of it. */
export function recordStatistics(room: RecordedRoom): StatisticsRecord {
  let looks: readonly StatisticsLook[] = [];
  const listeners = new Set<() => void>();

  const stop = room.on('statistics-taken', () => {
    looks = [...looks.slice(1 - looksKept), lookAt(room)];
    for (const listener of listeners) listener();
  });

  return {
    get looks() {
      return looks;
    },
    subscribe(listener) {
      const own = () => listener();
      listeners.add(own);
      return () => listeners.delete(own);
    },
    toJson: () =>
      JSON.stringify({ kind: 'callbox-statistics', version: 1, room: room.snapshot.room, looks }, null, 1),
    stop,
  };
}

function lookAt(room: RecordedRoom): StatisticsLook {
  const { participants, uplink } = room.snapshot;
  return {
    atMs: Date.now(),
    uplink,
    dataUsed: room.dataUsed(),
    participants: participants.map(({ id, displayName, link, quality }) => ({
      id,
      displayName,
      path: link.kind === 'connected' ? link.path : null,
      quality,
      link: room.statistics(id),
    })),
  };
}
