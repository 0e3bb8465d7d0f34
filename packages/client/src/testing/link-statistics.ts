import type { LinkStatistics, StreamsStatistics, StreamStatistics } from '../statistics-types.ts';

/** A stream that does well, but for what the test changes. */
export function stream(change: Partial<StreamStatistics> = {}): StreamStatistics {
  return {
    bitsPerSecond: 500_000,
    lossShare: 0,
    jitterMs: 5,
    concealedShare: null,
    freezeShare: 0,
    width: 640,
    height: 360,
    framesPerSecond: 30,
    limitedBy: 'none',
    codec: 'video/VP8',
    ...change,
  };
}

const none: StreamsStatistics = { audio: null, camera: null, screen: null, screenAudio: null };

/** A connection with these streams. */
export function linkStatistics(
  received: Partial<StreamsStatistics>,
  sent: Partial<StreamsStatistics>,
  change: Partial<LinkStatistics> = {},
): LinkStatistics {
  return {
    atMs: 0,
    roundTripMs: 30,
    availableBitsPerSecond: 2_000_000,
    bytesSent: 0,
    bytesReceived: 0,
    received: { ...none, ...received },
    sent: { ...none, ...sent },
    ...change,
  };
}
