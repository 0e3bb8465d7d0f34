/** What may be saved up, in seconds of the rate: a key frame goes out at once, a flood does not. */
const BURST_SECONDS = 0.1;
/** What a new one begins with: to begin anew gains nothing. */
const FIRST_BYTES = 16 * 1024;

/**
 * A rate of octets with a short memory. A packet may pass while anything is left, however long it is; what it takes too
 * much is missing afterwards. So every packet passes some time, whatever the rate.
 */
export class Allowance {
  readonly #bytesPerSecond: number;
  readonly #maxBytes: number;
  #leftBytes: number;
  #filledAtMs: number;

  /** `bytesPerSecond` may be infinite. */
  constructor(bytesPerSecond: number, nowMs: number) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#maxBytes = bytesPerSecond * BURST_SECONDS;
    this.#leftBytes = bytesPerSecond === Infinity ? Infinity : Math.min(this.#maxBytes, FIRST_BYTES);
    this.#filledAtMs = nowMs;
  }

  /** True when so much may pass now, which is then gone. Asks what time it is only when nothing is left. */
  take(bytes: number, nowMs: () => number): boolean {
    if (this.#leftBytes <= 0) this.#fill(nowMs());
    if (this.#leftBytes <= 0) return false;
    this.#leftBytes -= bytes;
    return true;
  }

  #fill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#filledAtMs);
    this.#filledAtMs = nowMs;
    this.#leftBytes = Math.min(this.#maxBytes, this.#leftBytes + (elapsedMs * this.#bytesPerSecond) / 1000);
  }
}
