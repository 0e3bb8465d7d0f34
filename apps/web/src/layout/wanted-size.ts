import type { Box } from './arrange-tiles.ts';

/** Denser screens show no more of a face. */
const mostDensity = 2;
/** Small letters are worth every pixel that there is. */
const mostScreenSide = 1_440;

/**
 * How large a camera's picture has to be, by its shorter side in pixels, to fill a tile without being drawn larger than it
 * is. Pictures that fill their tile are cropped, so what counts is the longer way of the two.
 */
export function wantedCameraSide(tile: Box | null, density: number): number {
  if (tile === null || tile.width === 0 || tile.height === 0) return 0;
  const [longer, shorter] = tile.width > tile.height ? [tile.width, tile.height] : [tile.height, tile.width];
  return Math.ceil(Math.max(shorter, (longer * 9) / 16) * Math.min(density, mostDensity));
}

/** The same for a screen: all of it where it is large, for it may be zoomed into, and what its tile needs where it is not. */
export function wantedScreenSide(tile: Box | null, isLarge: boolean, density: number): number {
  if (tile === null || tile.width === 0 || tile.height === 0) return 0;
  return isLarge
    ? mostScreenSide
    : Math.ceil(Math.min(tile.width, tile.height) * Math.min(density, mostDensity));
}
