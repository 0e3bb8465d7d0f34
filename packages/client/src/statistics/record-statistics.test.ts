import { describe, expect, it } from 'vitest';
import { createEmitter } from '../emitter.ts';
import type { RemoteParticipantSnapshot, RoomEvents, RoomSnapshot } from '../room-types.ts';
import { linkStatistics, stream } from '../testing/link-statistics.ts';
import { participantId } from '../testing/participant-id.ts';
import { recordStatistics, type RecordedRoom } from './record-statistics.ts';

const ana = participantId('ana');

function createFixture() {
  const events = createEmitter<RoomEvents>();
  const participant: RemoteParticipantSnapshot = {
    id: ana,
    displayName: 'Ana',
    media: { audio: true, video: true, screen: false },
    joinedAtMs: 0,
    link: { kind: 'connected', path: { relayed: true, protocol: 'tls' } },
    tracks: { audio: null, camera: null, screen: null, screenAudio: null },
    quality: { bars: 3, blame: null },
  };
  const snapshot: Pick<RoomSnapshot, 'room' | 'uplink'> & { participants: RemoteParticipantSnapshot[] } = {
    room: null,
    uplink: 'good',
    participants: [participant],
  };
  const room: RecordedRoom = {
    snapshot,
    on: events.on,
    statistics: () => linkStatistics({ camera: stream() }, {}),
    dataUsed: () => ({ bytesSent: 1, bytesReceived: 2 }),
  };
  return { room, snapshot, participant, look: () => events.emit('statistics-taken', null) };
}

describe('a record of the statistics', () => {
  it('keeps of each look who was there, by which path, and with what figures', () => {
    const { room, look } = createFixture();
    const record = recordStatistics(room);
    expect(record.looks).toEqual([]);
    look();
    expect(record.looks).toMatchObject([
      {
        uplink: 'good',
        dataUsed: { bytesSent: 1, bytesReceived: 2 },
        participants: [
          {
            id: 'ana',
            displayName: 'Ana',
            path: { relayed: true, protocol: 'tls' },
            quality: { bars: 3 },
            link: { received: { camera: { bitsPerSecond: 500_000 } } },
          },
        ],
      },
    ]);
  });

  it('names no path of a connection that is being mended', () => {
    const { room, snapshot, participant, look } = createFixture();
    snapshot.participants = [{ ...participant, link: { kind: 'reconnecting' } }];
    const record = recordStatistics(room);
    look();
    expect(record.looks[0]?.participants[0]?.path).toBeNull();
  });

  it('tells of each look, keeps the last 300, and no more once it is stopped', () => {
    const { room, look } = createFixture();
    const record = recordStatistics(room);
    let told = 0;
    const stopListening = record.subscribe(() => void (told += 1));
    for (let count = 0; count < 310; count += 1) look();
    expect([told, record.looks.length]).toEqual([310, 300]);
    stopListening();
    record.stop();
    const last = record.looks.at(-1);
    look();
    expect([told, record.looks.at(-1) === last]).toEqual([310, true]);
  });

  it('is one document of JSON', () => {
    const { room, look } = createFixture();
    const record = recordStatistics(room);
    look();
    expect(JSON.parse(record.toJson())).toEqual({
      kind: 'callbox-statistics',
      version: 1,
      room: null,
      looks: [expect.objectContaining({ participants: [expect.objectContaining({ displayName: 'Ana' })] })],
    });
  });
});
