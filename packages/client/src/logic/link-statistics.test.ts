import { describe, expect, it } from 'vitest';
import { readLinkStatistics, type LinkReading, type RawStats } from './link-statistics.ts';
import { noData } from './traffic.ts';

const sections: LinkReading['sections'] = {
  audio: { mid: '0', receivedTrackId: 'mic' },
  camera: { mid: '1', receivedTrackId: 'cam' },
  screen: { mid: '2', receivedTrackId: 'scr' },
  screenAudio: null,
};

function reading(...entries: RawStats[]): LinkReading {
  return { generation: 0, report: new Map(entries.map((entry) => [entry.id, entry])), sections };
}

const pair: RawStats = {
  id: 'P',
  type: 'candidate-pair',
  currentRoundTripTime: 0.042,
  availableOutgoingBitrate: 900_000,
  bytesSent: 7_000,
  bytesReceived: 9_000,
};
const transport: RawStats = { id: 'T', type: 'transport', selectedCandidatePairId: 'P' };
const cameraIn = (timestamp: number, change: Partial<RawStats> = {}): RawStats => ({
  id: 'IV',
  type: 'inbound-rtp',
  mid: '1',
  timestamp,
  bytesReceived: 10_000,
  packetsReceived: 100,
  packetsLost: 0,
  totalFreezesDuration: 0,
  frameWidth: 640,
  frameHeight: 360,
  framesPerSecond: 25,
  codecId: 'C',
  ...change,
});
const codec: RawStats = { id: 'C', type: 'codec', mimeType: 'video/VP8' };

describe('the statistics of a connection', () => {
  it('tell what happened between two looks', () => {
    const before = reading(cameraIn(1_000), pair, transport, codec);
    const after = reading(
      cameraIn(3_000, {
        bytesReceived: 260_000,
        packetsReceived: 280,
        packetsLost: 20,
        totalFreezesDuration: 0.5,
      }),
      pair,
      transport,
      codec,
    );
    const { received, sent, ...link } = readLinkStatistics(
      before,
      after,
      { bytesSent: 7_000, bytesReceived: 9_000 },
      77,
    );
    expect(link).toEqual({
      atMs: 77,
      roundTripMs: 42,
      availableBitsPerSecond: 900_000,
      bytesSent: 7_000,
      bytesReceived: 9_000,
    });
    expect(received).toMatchObject({ audio: null, screen: null, screenAudio: null });
    expect(received.camera).toEqual({
      bitsPerSecond: 1_000_000,
      lossShare: 0.1,
      jitterMs: null,
      concealedShare: null,
      freezeShare: 0.25,
      width: 640,
      height: 360,
      framesPerSecond: 25,
      limitedBy: null,
      codec: 'video/VP8',
    });
    expect(sent).toEqual({ audio: null, camera: null, screen: null, screenAudio: null });
  });

  it('know of sound what had to be made up, silence left out', () => {
    const audio = (timestamp: number, change: Partial<RawStats>): RawStats => ({
      id: 'IA',
      type: 'inbound-rtp',
      mid: '0',
      timestamp,
      bytesReceived: timestamp,
      packetsReceived: timestamp,
      packetsLost: 5,
      jitter: 0.011,
      ...change,
    });
    const before = reading(
      audio(1_000, { concealedSamples: 0, silentConcealedSamples: 0, totalSamplesReceived: 0 }),
    );
    const after = reading(
      audio(2_000, {
        concealedSamples: 6_000,
        silentConcealedSamples: 1_200,
        totalSamplesReceived: 48_000,
        packetsLost: 3,
      }),
    );
    expect(readLinkStatistics(before, after, noData, 0).received.audio).toMatchObject({
      concealedShare: 0.1,
      jitterMs: 11,
      // What was thought lost came late.
      lossShare: 0,
    });
  });

  it('know of what is sent how much the other side says is lost, and why it is not more', () => {
    const out = (timestamp: number, bytesSent: number): RawStats => ({
      id: 'OV',
      type: 'outbound-rtp',
      mid: '2',
      timestamp,
      bytesSent,
      qualityLimitationReason: 'bandwidth',
    });
    const remote: RawStats = {
      id: 'R',
      type: 'remote-inbound-rtp',
      localId: 'OV',
      fractionLost: 0.25,
      jitter: 0.03,
    };
    const { sent } = readLinkStatistics(reading(out(0, 0)), reading(out(1_000, 50_000), remote), noData, 0);
    expect(sent.screen).toMatchObject({
      bitsPerSecond: 400_000,
      lossShare: 0.25,
      jitterMs: 30,
      limitedBy: 'link',
    });
    expect(sent.camera).toBeNull();
  });

  it('find the stream by its track where the browser names no section, and the pair where it names no transport', () => {
    const { mid: _, ...nameless } = cameraIn(0, { trackIdentifier: 'cam' });
    const before = reading(nameless);
    const after = reading(
      { ...nameless, timestamp: 1_000, bytesReceived: 20_000 },
      { ...pair, selected: true },
    );
    const { received, roundTripMs } = readLinkStatistics(before, after, noData, 0);
    expect([received.camera?.bitsPerSecond, received.audio, roundTripMs]).toEqual([80_000, null, 42]);
  });

  it('claim nothing at the first look, nor of a stream that stands still', () => {
    const look = reading(cameraIn(1_000), pair, transport);
    expect(readLinkStatistics(null, look, noData, 0).received.camera).toBeNull();
    expect(readLinkStatistics(look, reading(cameraIn(3_000)), noData, 0).received.camera).toBeNull();
    expect(readLinkStatistics(null, reading(), noData, 0)).toMatchObject({ roundTripMs: null, bytesSent: 0 });
  });

  it('claim nothing of the first look at another connection, but count what it has used', () => {
    const before = { ...reading(cameraIn(1_000), pair, transport), generation: 1 };
    const after = { ...reading(cameraIn(2_000, { bytesReceived: 90_000 }), pair, transport), generation: 2 };
    const used = { bytesSent: 100, bytesReceived: 1 };
    expect(readLinkStatistics(before, after, used, 0)).toMatchObject({
      received: { camera: null },
      bytesSent: 7_100,
      bytesReceived: 9_001,
    });
  });
});
