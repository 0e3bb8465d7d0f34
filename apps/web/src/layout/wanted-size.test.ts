import { describe, expect, it } from 'vitest';
import { wantedCameraSide, wantedScreenSide } from './wanted-size.ts';

describe('the size in which a camera is wanted', () => {
  it.each([
    ['a wide tile', { width: 640, height: 360 }, 1, 360],
    ['a square tile, which crops', { width: 400, height: 400 }, 1, 400],
    ['a tile wider than the picture', { width: 1_600, height: 600 }, 1, 900],
    ['a phone held upright', { width: 378, height: 690 }, 2, 777],
    ['a denser screen than eyes can tell', { width: 640, height: 360 }, 3, 720],
    ['a tile without area', { width: 0, height: 360 }, 1, 0],
    ['no tile', null, 2, 0],
  ])('for %s', (_, tile, density, expected) => {
    expect(wantedCameraSide(tile, density)).toBe(expected);
  });
});

describe('the size in which a screen is wanted', () => {
  it('is all of it where it can be zoomed into, and what is shown where it is small or hidden', () => {
    expect(wantedScreenSide({ width: 900, height: 500 }, true, 1)).toBe(1_440);
    expect(wantedScreenSide({ width: 240, height: 135 }, false, 2)).toBe(270);
    expect(wantedScreenSide(null, true, 1)).toBe(0);
  });
});
