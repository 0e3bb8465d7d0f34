/** The middle one of numbers, or between the two in the middle. */
export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Between which 95 % of medians lie when as many are drawn again and again, with repetition; the same for the same numbers. */
export function bootstrapInterval(numbers, draws = 2000) {
  let state = 12_345;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) / 2 ** 23;
  };
  const medians = Array.from({ length: draws }, () =>
    median(numbers.map(() => numbers[Math.floor(random() * numbers.length)])),
  ).toSorted((a, b) => a - b);
  return [medians[Math.floor(draws * 0.025)], medians[Math.floor(draws * 0.975)]];
}
