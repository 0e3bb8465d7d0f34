import { describe, expect, it } from 'vitest';
import {
  limitsBesideScreen,
  startBesideScreen,
  stepBesideScreen,
  type BesideScreen,
  type ScreenSample,
} from './beside-screen.ts';

const sample = (availableBitsPerSecond: number | null, lookers = 1): ScreenSample => ({
  lookers,
  screenBitsPerSecond: 2_500_000 / lookers,
  availableBitsPerSecond,
});
const sideOf = (state: BesideScreen) => limitsBesideScreen(state).maxShortSide;

describe('the camera beside a screen', () => {
  it.each([
    [500_000, 1, 180],
    [2_200_000, 1, 180],
    [2_500_000, 1, 270],
    [2_700_000, 1, 360],
    [3_400_000, 1, 540],
    [4_500_000, 1, 720],
    [4_500_000, 3, 360],
    [20_000_000, 3, 720],
    [null, 2, 270],
    [null, 5, 180],
  ])('begins, where %s bit/s can be carried to %i, with %ip', (available, lookers, side) => {
    expect(sideOf(startBesideScreen(sample(available, lookers)))).toBe(side);
  });

  it('grows by one size each five seconds in which there is room to spare', () => {
    let state = startBesideScreen(sample(500_000));
    const sides: number[] = [];
    for (let second = 0; second <= 24; second += 2) {
      state = stepBesideScreen(state, sample(6_000_000), second * 1_000);
      sides.push(sideOf(state));
    }
    expect(sides).toEqual([180, 180, 180, 270, 270, 270, 360, 360, 360, 540, 540, 540, 720]);
  });

  it('does not grow for a moment of room', () => {
    let state = startBesideScreen(sample(500_000));
    for (let second = 0; second < 40; second += 2) {
      state = stepBesideScreen(state, sample(second % 4 === 0 ? 6_000_000 : 1_800_000), second * 1_000);
    }
    expect(sideOf(state)).toBe(180);
  });

  it('shrinks at once to what is left, and stays at what just fits', () => {
    const large = startBesideScreen(sample(6_000_000));
    const shrunk = stepBesideScreen(large, sample(2_500_000), 0);
    expect([sideOf(large), sideOf(shrunk)]).toEqual([720, 270]);
    expect(sideOf(stepBesideScreen(shrunk, sample(2_000_000), 2_000))).toBe(270);
    expect(sideOf(stepBesideScreen(shrunk, sample(100_000), 2_000))).toBe(180);
  });

  it('follows those who come to look', () => {
    const state = startBesideScreen(sample(4_500_000));
    expect(sideOf(stepBesideScreen(state, sample(4_500_000, 4), 0))).toBeLessThan(720);
  });
});
