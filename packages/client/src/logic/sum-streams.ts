import type { StreamsStatistics, StreamStatistics } from '../statistics-types.ts';

/** All streams of one direction together. */
export interface StreamsSum {
  readonly bitsPerSecond: number;
  /** Of all packets, 0 to 1, by the weight of their streams; null where nothing flows or nobody has reported. */
  readonly lossShare: number | null;
  /** The picture that is seen: the screen where one is shown, else the camera; null without pictures. */
  readonly picture: StreamStatistics | null;
}

/** Puts together what flows in one direction. */
export function sumStreams({ audio, camera, screen, screenAudio }: StreamsStatistics): StreamsSum {
  const streams = [audio, camera, screen, screenAudio].filter((stream) => stream !== null);
  const reported = streams.filter(({ lossShare }) => lossShare !== null);
  const weight = reported.reduce((total, { bitsPerSecond }) => total + bitsPerSecond, 0);
  const lost = reported.reduce((total, one) => total + one.bitsPerSecond * (one.lossShare ?? 0), 0);
  return {
    bitsPerSecond: streams.reduce((total, { bitsPerSecond }) => total + bitsPerSecond, 0),
    lossShare: weight === 0 ? null : lost / weight,
    picture: screen ?? camera,
  };
}
