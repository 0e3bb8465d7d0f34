import type { LinkStatistics, StatisticsLook, StreamStatistics } from '@callbox/client';
import { describe, expect, it } from 'vitest';
import { fakeId } from '../../testing/fake-room.ts';
import { highestOf, readSeries } from './series.ts';

const stream: StreamStatistics = {
  bitsPerSecond: 500_000,
  lossShare: 0.02,
  jitterMs: 5,
  concealedShare: null,
  freezeShare: 0,
  width: 360,
  height: 640,
  framesPerSecond: 24,
  limitedBy: 'none',
  codec: 'video/VP8',
};
const none = { audio: null, camera: null, screen: null, screenAudio: null };

function look(atMs: number, link: LinkStatistics | null): StatisticsLook {
  return {
    atMs,
    uplink: 'good',
    dataUsed: { bytesSent: 0, bytesReceived: 0 },
    participants: [{ id: fakeId('ana'), displayName: 'Ana', path: null, quality: null, link }],
  };
}

const flowing: LinkStatistics = {
  atMs: 0,
  roundTripMs: 30,
  availableBitsPerSecond: null,
  bytesSent: 0,
  bytesReceived: 0,
  received: { ...none, camera: stream, audio: { ...stream, bitsPerSecond: 40_000, lossShare: null } },
  sent: none,
};

describe('the lines of a connection', () => {
  it('say of each look what came in and what went out', () => {
    const { rate, loss, delay, frames, size } = readSeries([look(1_000, flowing)], fakeId('ana'));
    expect(rate).toEqual({
      received: [{ atMs: 1_000, value: 540_000 }],
      sent: [{ atMs: 1_000, value: 0 }],
    });
    expect([loss.received[0]?.value, loss.sent?.[0]?.value]).toEqual([0.02, null]);
    expect(delay).toEqual({ received: [{ atMs: 1_000, value: 30 }], sent: null });
    expect(frames.received[0]?.value).toBe(24);
    // Of a picture that is held upright, too, the shorter side.
    expect(size.received[0]?.value).toBe(360);
  });

  it('know nothing of a look that showed nothing, and of who was not there', () => {
    const looks = [look(0, null), look(1_000, flowing)];
    expect(readSeries(looks, fakeId('ana')).rate.received).toEqual([
      { atMs: 0, value: null },
      { atMs: 1_000, value: 540_000 },
    ]);
    expect(highestOf(readSeries(looks, fakeId('ben')).rate.received)).toBeNull();
  });

  it('have a highest value', () => {
    expect(highestOf(readSeries([look(0, null), look(1, flowing)], fakeId('ana')).delay.received)).toBe(30);
  });
});
