import { describe, expect, it } from 'vitest';
import { judgeFlow, readFlow } from './flow.ts';

describe('the flow of media', () => {
  it('is what the receivers have received, whatever else is in the report', () => {
    expect(
      readFlow([
        { type: 'inbound-rtp', bytesReceived: 100 },
        { type: 'inbound-rtp', bytesReceived: 20 },
        { type: 'inbound-rtp' },
        { type: 'candidate-pair', bytesReceived: 7_000 },
      ]),
    ).toBe(120);
    expect(readFlow([])).toBe(0);
  });

  it.each([
    [5, 6, true, 'flowing'],
    [5, 6, false, 'flowing'],
    [6, 2, true, 'flowing'],
    [5, 5, true, 'silent'],
    [5, 5, false, 'idle'],
  ] as const)('from %i to %i, heard lately %s: %s', (before, after, heardLately, verdict) => {
    expect(judgeFlow(before, after, heardLately)).toBe(verdict);
  });
});
