/** One measurement. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

/** A slope, and between which two it lies with a confidence of 95 %. */
export interface Slope {
  readonly least: number;
  readonly middle: number;
  readonly most: number;
}

/** How many deviations to each side hold 95 % of a normal distribution. */
const deviations = 1.96;

/**
 * How much a value grows from one to the next: the middle of the slopes between all pairs, which no outlier moves, and the range that
 * Sen's test gives it (Theil 1950, Sen 1968).
 */
export function slopeOf(points: readonly Point[]): Slope {
  const slopes = points
    .flatMap((from, index) =>
      points.slice(index + 1).map((to) => (to.value - from.value) / (to.at - from.at)),
    )
    .toSorted((a, b) => a - b);
  const count = points.length;
  const spread = deviations * Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
  const at = (place: number): number => {
    const found = slopes[Math.min(Math.max(Math.round(place), 0), slopes.length - 1)];
    if (found === undefined) throw new Error('a slope needs two points');
    return found;
  };
  const half = (slopes.length - 1) / 2;
  return {
    least: at((slopes.length - spread) / 2 - 1),
    middle: (at(Math.floor(half)) + at(Math.ceil(half))) / 2,
    most: at((slopes.length + spread) / 2),
  };
}
