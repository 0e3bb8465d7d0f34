/** A cryptographic source of whole numbers from 0 up to, but not including, `end`. */
export type RandomBelow = (end: number) => number;

/** Ports to choose from, both ends included. */
export interface PortRange {
  readonly min: number;
  readonly max: number;
}

/**
 * How long a port that had a socket is kept out of use: packets of its former peers are still on their way, and must
 * not reach a stranger (RFC 8656 §7.2 asks for such a time and suggests the two minutes of a segment's life).
 */
export const PORT_REST_MS = 120_000;

/** Numbers of relayed transport addresses on one address. Numbers only: sockets are the data plane's. */
export class PortPool {
  readonly #randomBelow: RandomBelow;
  readonly #free: { readonly even: number[]; readonly odd: number[] } = { even: [], odd: [] };
  /** In order of time. */
  #resting: { readonly port: number; readonly untilMs: number }[] = [];
  /** Those before it rest no more: to close the gap each time would be to move all the others. */
  #firstResting = 0;

  constructor({ min, max }: PortRange, randomBelow: RandomBelow) {
    this.#randomBelow = randomBelow;
    for (let port = min; port <= max; port += 1) this.#listOf(port).push(port);
  }

  /** A random free port (RFC 8656 §7.2); `undefined` when there is none. */
  take(wish: 'any' | 'even', nowMs: number): number | undefined {
    this.#wake(nowMs);
    const { even, odd } = this.#free;
    const choices = even.length + (wish === 'even' ? 0 : odd.length);
    if (choices === 0) return this.#takeResting(wish);
    const index = this.#randomBelow(choices);
    return index < even.length ? removeAt(even, index) : removeAt(odd, index - even.length);
  }

  /** Gives a port back; one that had a socket rests first. */
  release(port: number, { hadSocket, nowMs }: { readonly hadSocket: boolean; readonly nowMs: number }): void {
    if (hadSocket) this.#resting.push({ port, untilMs: nowMs + PORT_REST_MS });
    else this.#listOf(port).push(port);
  }

  /**
   * The one that has rested longest. Whoever makes and deletes allocations without end lays one port after another to rest;
   * nobody shall be without a relay for that. A late packet still has to come from a peer that the new owner permits.
   */
  #takeResting(wish: 'any' | 'even'): number | undefined {
    const resting = this.#resting;
    for (let index = this.#firstResting; index < resting.length; index += 1) {
      const port = resting[index]?.port;
      if (port === undefined || (wish === 'even' && port % 2 !== 0)) continue;
      if (index === this.#firstResting) this.#skipResting(1);
      else resting.splice(index, 1);
      return port;
    }
    return undefined;
  }

  /** How many ports are free, those that rest not counted. */
  freePorts(nowMs: number): number {
    this.#wake(nowMs);
    return this.#free.even.length + this.#free.odd.length;
  }

  #wake(nowMs: number): void {
    const resting = this.#resting;
    let end = this.#firstResting;
    for (; end < resting.length; end += 1) {
      const awake = resting[end];
      if (awake === undefined || awake.untilMs > nowMs) break;
      this.#listOf(awake.port).push(awake.port);
    }
    this.#skipResting(end - this.#firstResting);
  }

  #skipResting(count: number): void {
    this.#firstResting += count;
    if (this.#firstResting * 2 <= this.#resting.length) return;
    this.#resting = this.#resting.slice(this.#firstResting);
    this.#firstResting = 0;
  }

  #listOf(port: number): number[] {
    return port % 2 === 0 ? this.#free.even : this.#free.odd;
  }
}

/** Order does not matter where choice is random, so the last one fills the gap. */
function removeAt(list: number[], index: number): number | undefined {
  const chosen = list[index];
  const last = list.pop();
  if (last !== undefined && index < list.length) list[index] = last;
  return chosen;
}
