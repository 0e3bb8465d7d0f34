import { describe, expect, it } from 'vitest';
import { freshPatience, learnFromReturn, learnRoundTrip, probeEveryMs, silenceMs } from './patience.ts';

describe('the patience with a server', () => {
  it('lasts no more than a second on a usual line, with the pause before the probe', () => {
    for (const roundTripMs of [1, 40, 100]) {
      const patience = learnRoundTrip(freshPatience, roundTripMs);
      expect(probeEveryMs + silenceMs(patience)).toBe(1_000);
    }
  });

  it('grows with a slow line, up to six seconds', () => {
    expect(silenceMs(learnRoundTrip(freshPatience, 600))).toBe(2_600);
    expect(silenceMs(learnRoundTrip(freshPatience, 10_000))).toBe(6_000);
    expect(silenceMs(freshPatience)).toBe(3_000);
  });

  it('follows the line slowly: one late answer is no slow line', () => {
    const steady = Array.from({ length: 20 }).reduce<typeof freshPatience>(
      (patience) => learnRoundTrip(patience, 20),
      freshPatience,
    );
    expect(silenceMs(learnRoundTrip(steady, 400))).toBe(600);
  });

  it('doubles with each false alarm, and is back when one was true', () => {
    let patience = learnRoundTrip(freshPatience, 20);
    const limits = [silenceMs(patience)];
    for (let alarm = 0; alarm < 5; alarm += 1) {
      patience = learnFromReturn(patience, true);
      limits.push(silenceMs(patience));
    }
    expect(limits).toEqual([600, 1_200, 2_400, 4_800, 4_800, 4_800]);
    expect(silenceMs(learnFromReturn(patience, false))).toBe(600);
  });
});
