import type { LinkStatistics, StreamStatistics } from '@callbox/client';
import type { FakeRoom } from './fake-room.ts';

function stream(change: Partial<StreamStatistics>): StreamStatistics {
  return {
    bitsPerSecond: 38_000,
    lossShare: 0.004,
    jitterMs: 6,
    concealedShare: 0,
    freezeShare: 0,
    width: null,
    height: null,
    framesPerSecond: null,
    limitedBy: null,
    codec: 'audio/opus',
    ...change,
  };
}

/** A connection at a moment: calm waves, and with `trouble` some bad seconds in between. */
function fakeLink(second: number, place: number, trouble: boolean): LinkStatistics {
  const wave = Math.sin(second / 7 + place) + Math.sin(second / 2.3 + place * 2) * 0.3;
  const isBad = trouble && second > 55 && second < 90;
  const lossShare = isBad ? 0.06 + 0.03 * Math.abs(wave) : 0.003;
  const picture = (mostBits: number, limitedBy: StreamStatistics['limitedBy']) =>
    stream({
      bitsPerSecond: isBad ? 180_000 : mostBits * (0.85 + wave * 0.1),
      lossShare,
      width: isBad ? 320 : 960,
      height: isBad ? 180 : 540,
      framesPerSecond: isBad ? 10 : 24 + Math.round(wave * 2),
      limitedBy,
      codec: 'video/VP8',
    });
  const none = { screen: null, screenAudio: null };
  return {
    atMs: 0,
    roundTripMs: (isBad ? 240 : 38) + wave * 8,
    availableBitsPerSecond: 2_400_000,
    bytesSent: 0,
    bytesReceived: 0,
    received: { ...none, audio: stream({ lossShare }), camera: picture(940_000, null) },
    sent: { ...none, audio: stream({ lossShare }), camera: picture(700_000, isBad ? 'link' : 'none') },
  };
}

/** Lets the last two minutes of a call be seen at once. */
export function playStatistics(fake: FakeRoom): void {
  const { participants } = fake.room.snapshot;
  const endMs = Date.now();
  const readClock = Date.now.bind(Date);
  for (let second = 0; second <= 120; second += 2) {
    Date.now = () => endMs - (120 - second) * 1_000;
    fake.setStatistics(
      new Map(participants.map(({ id }, place) => [id, fakeLink(second, place, place === 0)] as const)),
    );
    fake.emit('statistics-taken', null);
  }
  Date.now = readClock;
}
