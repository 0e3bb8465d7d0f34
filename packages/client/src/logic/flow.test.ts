import { describe, expect, it } from 'vitest';
import { judgeFlow, readFlow, watchForMs } from './flow.ts';

const flow = (octets: number, quietMs: number | null = null) => ({ octets, quietMs });

describe('the flow of media', () => {
  it('is what the receivers have received, whatever else is in the report', () => {
    expect(
      readFlow([
        { type: 'inbound-rtp', bytesReceived: 100 },
        { type: 'inbound-rtp', bytesReceived: 20 },
        { type: 'inbound-rtp' },
        { type: 'candidate-pair', bytesReceived: 7_000 },
      ]),
    ).toEqual(flow(120));
    expect(readFlow([])).toEqual(flow(0));
  });

  it('has been quiet since the last packet of all receivers, where the browser tells', () => {
    expect(
      readFlow([
        { type: 'inbound-rtp', timestamp: 5_000, lastPacketReceivedTimestamp: 3_000 },
        { type: 'inbound-rtp', timestamp: 5_000, lastPacketReceivedTimestamp: 4_400 },
        { type: 'inbound-rtp', timestamp: 5_000 },
        { type: 'remote-inbound-rtp', timestamp: 5_000, lastPacketReceivedTimestamp: 5_000 },
      ]).quietMs,
    ).toBe(600);
  });

  it('is not quiet for less than no time, should the clocks of the two differ', () => {
    const entry = { type: 'inbound-rtp', timestamp: 5_000, lastPacketReceivedTimestamp: 5_003 };
    expect(readFlow([entry]).quietMs).toBe(0);
  });

  it.each([
    [null, 700],
    [0, 700],
    [300, 400],
    [600, 150],
    [20_000, 150],
  ])('after a quiet of %s ms is watched for %i ms more', (quietMs, expectedMs) => {
    expect(watchForMs(flow(5, quietMs))).toBe(expectedMs);
  });

  it.each([
    [5, 6, true, 'flowing'],
    [5, 6, false, 'flowing'],
    [6, 2, true, 'flowing'],
    [5, 5, true, 'silent'],
    [5, 5, false, 'idle'],
  ] as const)('from %i to %i, heard lately %s: %s', (before, after, heardLately, verdict) => {
    expect(judgeFlow(flow(before), flow(after), heardLately)).toBe(verdict);
  });
});
