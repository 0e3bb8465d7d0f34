import { describe, expect, it } from 'vitest';
import { planCamera, planScreen, planSending, scaleDownBy } from './sending-plan.ts';

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

describe('the plan for a screen', () => {
  it.each([
    [2, 30, 2_500_000],
    [3, 30, 1_250_000],
    [5, 15, 625_000],
    [6, 8, 500_000],
    [8, 8, 357_143],
    [25, 8, 250_000],
  ])(
    'for %i people sends at most %i frames and %i bit/s to each, at its own size',
    (people, frames, bits) => {
      expect(planScreen(people)).toEqual({
        maxShortSide: 1_440,
        maxFramesPerSecond: frames,
        maxBitsPerSecond: bits,
      });
    },
  );

  it('makes room for itself: the camera of who shows a screen becomes small', () => {
    expect(planSending(2, false).camera).toEqual(planCamera(2));
    expect(planSending(2, true).camera.maxShortSide).toBe(180);
    for (let people = 2; people <= 8; people += 1) {
      const { camera, screen } = planSending(people, true);
      const uplink = (camera.maxBitsPerSecond + screen.maxBitsPerSecond) * (people - 1);
      expect(uplink).toBeLessThanOrEqual(3_600_000);
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
