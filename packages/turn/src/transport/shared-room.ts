/**
 * Room for octets that many have together, for what goes beyond the little that each may keep anyway. Whoever fills it takes
 * it from others who want much, never from those who want little.
 */
export class SharedRoom {
  readonly #maxBytes: number;
  #usedBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** True when so much more fits. */
  fits(bytes: number): boolean {
    return this.#usedBytes + bytes <= this.#maxBytes;
  }

  /** Takes room, or gives it back where the amount is negative. */
  use(bytes: number): void {
    this.#usedBytes += bytes;
  }
}
