import { describe, expect, it } from 'vitest';
import { linkStatistics, stream } from '../testing/link-statistics.ts';
import { planSending } from './sending-plan.ts';
import { createUplink } from './uplink.ts';
import { describeUplink, isTight, sampleUplink, tightLooks } from './uplink-sample.ts';

const camera = { camera: true, screen: false };
const plansFor = (count: number) => [
  ...planSending(
    Array.from({ length: count }, (_, id) => ({ id, wanted: null })),
    null,
  ).values(),
];

describe('a look at the way up', () => {
  it('counts losses by how much is sent, so that one bad way down does not count for all', () => {
    const links = [
      linkStatistics({}, { camera: stream({ bitsPerSecond: 900_000, lossShare: 0 }) }),
      linkStatistics({}, { camera: stream({ bitsPerSecond: 100_000, lossShare: 0.3 }) }),
    ];
    expect(sampleUplink(links, plansFor(2), camera)).toMatchObject({
      lossShare: 0.03,
      availableBitsPerSecond: 4_000_000,
      plannedBitsPerSecond: 2_080_000,
      roundTripMs: 30,
      isProcessorShort: false,
    });
  });

  it('plans nothing for a camera that is off', () => {
    const sample = sampleUplink([linkStatistics({}, {})], plansFor(1), { camera: false, screen: false });
    expect(sample).toMatchObject({ plannedBitsPerSecond: 40_000, lossShare: null });
  });

  it('believes in no sum of which a part is unknown', () => {
    const links = [linkStatistics({}, {}), linkStatistics({}, {}, { availableBitsPerSecond: null })];
    expect(sampleUplink(links, plansFor(2), camera).availableBitsPerSecond).toBeNull();
  });

  it('sees that the processor is short', () => {
    const links = [linkStatistics({}, { camera: stream({ limitedBy: 'processor' }) })];
    expect(sampleUplink(links, plansFor(1), camera).isProcessorShort).toBe(true);
  });
});

describe('a room that outgrows the link', () => {
  const links = (available: number | null, camera = true) =>
    [0, 1].map(() =>
      linkStatistics({}, camera ? { camera: stream() } : {}, { availableBitsPerSecond: available }),
    );
  it.each([
    [false, 'there is enough for another', links(300_000), 2],
    [true, 'there is not enough for another', links(250_000), 2],
    // In a crowd little is planned for each, and browsers look for no more than that.
    [false, 'there is nearly enough for what is planned', links(130_000), 12],
    [false, 'no picture is sent, so that nobody knows', links(100_000, false), 2],
    [false, 'the browser does not tell', links(null), 2],
  ])('is foreseen: %s when %s', (expected, _, statistics, people) => {
    const plans = plansFor(people).slice(0, statistics.length);
    expect(isTight(statistics, sampleUplink(statistics, plans, camera))).toBe(expected);
  });

  it('is told only after several looks, also while less is sent, and never beside what is worse', () => {
    const at = (step: number, tightFor: number) => describeUplink({ ...createUplink(), step }, tightFor);
    expect([at(0, 0), at(0, tightLooks - 1), at(0, tightLooks)]).toEqual(['good', 'good', 'tight']);
    expect([at(1, 9), at(3, 0), at(4, 0), at(5, 9)]).toEqual(['tight', 'saving', 'voice-only', 'voice-only']);
  });
});
