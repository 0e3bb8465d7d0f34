import type { Box } from './arrange-tiles.ts';

// Below this share of the picture a face is likely to lose its chin or its forehead.
const leastShown = 0.5;

/** Whether a picture may be cropped to fill its tile, or is shown whole with bars. */
export function fitPicture(pictureRatio: number | null, tile: Box): 'cover' | 'contain' {
  if (pictureRatio === null || tile.width === 0 || tile.height === 0) return 'cover';
  const tileRatio = tile.width / tile.height;
  const shown = Math.min(pictureRatio, tileRatio) / Math.max(pictureRatio, tileRatio);
  // An upright picture in a wide tile loses its top and bottom; a wide one in an upright tile only its sides.
  if (pictureRatio < tileRatio) return shown >= leastShown ? 'cover' : 'contain';
  return shown >= leastShown / 2 ? 'cover' : 'contain';
}
