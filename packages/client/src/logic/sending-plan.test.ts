import { describe, expect, it } from 'vitest';
import { planCamera, scaleDownBy } from './sending-plan.ts';

describe('the plan for a camera', () => {
  it.each([
    [1, 720, 30, 1_700_000],
    [2, 720, 30, 1_700_000],
    [3, 540, 30, 1_000_000],
    [4, 540, 24, 700_000],
    [5, 360, 20, 450_000],
    [6, 360, 15, 350_000],
    [7, 270, 15, 220_000],
    [8, 270, 15, 220_000],
    [9, 180, 15, 150_000],
    [50, 180, 15, 150_000],
  ])('for %i people sends at most %ip at %i frames and %i bit/s to each', (people, side, frames, bits) => {
    expect(planCamera(people)).toEqual({
      maxShortSide: side,
      maxFramesPerSecond: frames,
      maxBitsPerSecond: bits,
    });
  });

  it('keeps the whole uplink of a room of up to 8 near 2.5 Mbit/s', () => {
    for (let people = 2; people <= 8; people += 1) {
      expect(planCamera(people).maxBitsPerSecond * (people - 1)).toBeLessThanOrEqual(2_500_000);
    }
  });
});

describe('scaling a picture down', () => {
  const limits = planCamera(5);

  it('brings the shorter side to the limit, however the picture is held', () => {
    expect(scaleDownBy(limits, { width: 1_280, height: 720 })).toBe(2);
    expect(scaleDownBy(limits, { width: 720, height: 1_280 })).toBe(2);
  });

  it('never enlarges, and leaves alone what it does not know', () => {
    expect(scaleDownBy(limits, { width: 320, height: 180 })).toBe(1);
    expect(scaleDownBy(limits, {})).toBe(1);
  });
});
