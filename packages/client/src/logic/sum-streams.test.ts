import { expect, it } from 'vitest';
import { linkStatistics, stream } from '../testing/link-statistics.ts';
import { sumStreams } from './sum-streams.ts';

it('adds rates, and weighs losses by them', () => {
  const { received } = linkStatistics(
    {
      audio: stream({ bitsPerSecond: 100_000, lossShare: 0.1 }),
      camera: stream({ bitsPerSecond: 300_000, lossShare: 0.02 }),
    },
    {},
  );
  const sum = sumStreams(received);
  expect(sum.bitsPerSecond).toBe(400_000);
  expect(sum.lossShare).toBeCloseTo(0.04);
});

it('knows of no loss where nobody has reported, and of no picture where there is none', () => {
  const { sent, received } = linkStatistics({}, { audio: stream({ lossShare: null }) });
  expect(sumStreams(sent).lossShare).toBeNull();
  expect(sumStreams(received)).toEqual({ bitsPerSecond: 0, lossShare: null, picture: null });
});

it('takes the screen for the picture where one is shown beside a face', () => {
  const screen = stream({ width: 1_920, height: 1_080 });
  expect(sumStreams(linkStatistics({ camera: stream(), screen }, {}).received).picture).toBe(screen);
  const camera = stream();
  expect(sumStreams(linkStatistics({ camera }, {}).received).picture).toBe(camera);
});
