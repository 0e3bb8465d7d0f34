/** The seed of a run: a given one repeats an earlier run, otherwise it is new each time. */
export function fuzzSeed(given: string | undefined): number {
  return Number(given ?? Math.floor(Math.random() * 2 ** 32)) >>> 0;
}

/** Reproducible random numbers (mulberry32): 0 up to, but not including, `end`. */
export function createSeededRandom(seed: number): (end: number) => number {
  let state = seed >>> 0;
  return (end) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end;
  };
}
