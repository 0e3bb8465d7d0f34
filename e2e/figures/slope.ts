/** How much a value grows from one to the next: the middle of the slopes between all pairs (Theil and Sen), which no outlier moves. */
export function slopeOf(points: readonly { readonly at: number; readonly value: number }[]): number {
  const slopes = points
    .flatMap((from, index) =>
      points.slice(index + 1).map((to) => (to.value - from.value) / (to.at - from.at)),
    )
    .toSorted((a, b) => a - b);
  const half = slopes.length >> 1;
  const [low, high] = [slopes[slopes.length % 2 === 1 ? half : half - 1], slopes[half]];
  if (low === undefined || high === undefined) throw new Error('a slope needs two points');
  return (low + high) / 2;
}
