/** The seed of a run: a given one repeats an earlier run, otherwise it is new each time. */
export function fuzzSeed(given: string | undefined): number {
  return Number(given ?? Math.floor(Math.random() * 2 ** 32)) >>> 0;
}

/** Reproducible random numbers (mulberry32). */
export function createSeededRandom(seed: number): {
  /** 0 up to, but not including, `end`. */
  readonly below: (end: number) => number;
  readonly bytes: (length: number) => Uint8Array;
  readonly pick: <T>(items: readonly T[]) => T;
} {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (end: number): number => next() % end;
  return {
    below,
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
  };
}
