import type { Rect } from './arrange-tiles.ts';

/** What of a tile's lower edge is covered from either side, in CSS pixels. */
export interface Covered {
  readonly left: number;
  readonly right: number;
}

/** As high as the plate with a name may be, with what is below it. */
const plateHeight = 40;

/** Where a plate at the lower edge of a tile has to make room for one that floats over it. Pure. */
export function coveredBy(tile: Rect, floating: Rect | null): Covered {
  if (floating === null) return { left: 0, right: 0 };
  const tileRight = tile.x + tile.width;
  const tileBottom = tile.y + tile.height;
  const floatingRight = floating.x + floating.width;
  const floatingBottom = floating.y + floating.height;
  const isBeside = floatingRight <= tile.x || floating.x >= tileRight;
  const isAbove = floatingBottom <= tileBottom - plateHeight || floating.y >= tileBottom;
  if (isBeside || isAbove) return { left: 0, right: 0 };
  return floating.x - tile.x < tileRight - floatingRight
    ? { left: floatingRight - tile.x, right: 0 }
    : { left: 0, right: tileRight - floating.x };
}
