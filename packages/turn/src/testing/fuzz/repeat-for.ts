import { setImmediate as turn } from 'node:timers/promises';

const ROUNDS_AT_ONCE = 20;
/** What a part of the fuzzer takes among the other tests. */
const DEFAULT_MS = 1500;

/** How long a part of the fuzzer runs: its share of the seconds that are given for all of them. */
export function fuzzMs(given: string | undefined, share: number): number {
  return given === undefined ? DEFAULT_MS : Number(given) * 1000 * share;
}

/** Repeats something for a time, and lets the test runner breathe meanwhile. */
export async function repeatFor(durationMs: number, round: () => void): Promise<void> {
  const end = performance.now() + durationMs;
  while (performance.now() < end) {
    for (let count = 0; count < ROUNDS_AT_ONCE; count += 1) round();
    await turn();
  }
}
