/** What may be saved up, in seconds of the rate: a key frame goes out at once, a flood does not. */
const BURST_SECONDS = 0.1;
/** What a new one begins with: to begin anew gains nothing. */
const FIRST_BYTES = 16 * 1024;
const LEFT = 0;
const FILLED_AT = 1;

/** Where an allowance keeps its numbers, when several processes draw on it. */
export interface AllowanceState {
  readonly numbers: Float64Array;
  /** True when somebody else has begun it. */
  readonly isBegun: boolean;
}

/**
 * A rate of octets with a short memory. A packet may pass while anything is left, however long it is; what it takes too
 * much is missing afterwards. So every packet passes some time, whatever the rate.
 */
export class Allowance {
  readonly #bytesPerSecond: number;
  readonly #maxBytes: number;
  /** What is left, and when it was filled: in an array, where a number that changes with each packet is no new object. */
  readonly #state: Float64Array;

  /** `bytesPerSecond` may be infinite. */
  constructor(bytesPerSecond: number, nowMs: number, state?: AllowanceState) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#maxBytes = bytesPerSecond * BURST_SECONDS;
    this.#state = state?.numbers ?? new Float64Array(2);
    if (state?.isBegun === true) return;
    this.#state[LEFT] = bytesPerSecond === Infinity ? Infinity : Math.min(this.#maxBytes, FIRST_BYTES);
    this.#state[FILLED_AT] = nowMs;
  }

  /** True when so much may pass now, which is then gone. Asks what time it is only when nothing is left. */
  take(bytes: number, nowMs: () => number): boolean {
    const state = this.#state;
    if ((state[LEFT] ?? 0) <= 0) this.#fill(nowMs());
    const left = state[LEFT] ?? 0;
    if (left <= 0) return false;
    state[LEFT] = left - bytes;
    return true;
  }

  #fill(nowMs: number): void {
    const state = this.#state;
    const elapsedMs = Math.max(0, nowMs - (state[FILLED_AT] ?? 0));
    state[FILLED_AT] = nowMs;
    state[LEFT] = Math.min(this.#maxBytes, (state[LEFT] ?? 0) + (elapsedMs * this.#bytesPerSecond) / 1000);
  }
}
