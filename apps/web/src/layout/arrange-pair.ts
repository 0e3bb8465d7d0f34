import type { Box, Rect } from './arrange-tiles.ts';

/** However little its shape can use, nothing becomes a slit between others. */
const leastShare = 1 / 3;
/** In CSS pixels: the controls of a screen stand beside each other in it. */
const leastWidth = 240;

/**
 * Divides a length between two: alike, but what one has no use for goes to the other.
 *
 * @param uses how much of it each can use.
 * @param leastLength less than that is given to neither, unless half is less.
 */
function divide(
  whole: number,
  [one, other]: readonly [number, number],
  leastLength: number,
): readonly [number, number] {
  const half = whole / 2;
  const least = Math.min(half, Math.max(whole * leastShare, leastLength));
  let first = half;
  if (one < half && other > half) first = Math.max(one, least, whole - other);
  else if (other < half && one > half) first = Math.min(whole - Math.max(other, least), one);
  first = Math.round(first);
  return [first, whole - first];
}

/** How many square pixels of a box a picture of this shape covers, uncropped. */
function drawnIn({ width, height }: Box, ratio: number): number {
  const drawn = Math.min(width, height * ratio);
  return (drawn * drawn) / ratio;
}

/**
 * Places two pictures that are never cropped, beside each other or one above the other, whichever shows more of both; each has the
 * room that its shape can use.
 *
 * @param ratios width over height of each.
 */
export function arrangePair(ratios: readonly [number, number], box: Box, gap: number): readonly [Rect, Rect] {
  const [one, other] = ratios;
  const { width, height } = box;
  const [left, right] = divide(Math.max(0, width - gap), [height * one, height * other], leastWidth);
  const [upper, lower] = divide(Math.max(0, height - gap), [width / one, width / other], 0);
  const beside: readonly [Rect, Rect] = [
    { x: 0, y: 0, width: left, height },
    { x: left + gap, y: 0, width: right, height },
  ];
  const stacked: readonly [Rect, Rect] = [
    { x: 0, y: 0, width, height: upper },
    { x: 0, y: upper + gap, width, height: lower },
  ];
  const shownIn = (places: readonly [Rect, Rect]) => drawnIn(places[0], one) + drawnIn(places[1], other);
  return shownIn(stacked) > shownIn(beside) ? stacked : beside;
}
