import { expect } from 'vitest';
import type { Holdings, Looks } from './join-and-leave.ts';
import { slopeOf, type Slope } from './slope.ts';

const counted = ['connections', 'tracks', 'sockets', 'nodes', 'listeners'] as const;

export interface JoinsBounds {
  /** Looks at the beginning that do not count: what is loaded and compiled at the first times stays. */
  readonly warmUp: number;
  /** The most octets of heap that a join may leave behind, with a confidence of 95 %. */
  readonly bytes: number;
  /** The same of everything that is counted: less than one in so many joins. */
  readonly things: number;
}

/** Holds what two pages held over many joins against bounds. @returns the slopes, for whoever writes them down. */
export function expectNothingLeft(
  looks: readonly Looks[],
  { warmUp, bytes, things }: JoinsBounds,
): Record<string, Slope> {
  const slopes: Record<string, Slope> = {};
  for (const who of ['host', 'guest'] as const) {
    const held = looks.slice(warmUp).map((look): Holdings => look[who]);
    const growthOf = (what: keyof Holdings): Slope =>
      (slopes[`${who} ${what}`] = slopeOf(held.map(({ joins, [what]: value }) => ({ at: joins, value }))));
    const valuesOf = (what: keyof Holdings) => held.map(({ [what]: value }) => value).join(', ');
    for (const what of counted)
      expect(growthOf(what).middle, `${what} of the ${who}: ${valuesOf(what)}`).toBeLessThanOrEqual(things);
    expect(growthOf('heapBytes').most, `octets of the ${who}: ${valuesOf('heapBytes')}`).toBeLessThan(bytes);
  }
  return slopes;
}
