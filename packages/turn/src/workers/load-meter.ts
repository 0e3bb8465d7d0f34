/** How much of a core somebody uses, from one look to the next. */
export class LoadMeter {
  #usedMs: number;
  #atMs: number;
  #cores = 0;

  /** @param usedMs the processor time that has been used so far. */
  constructor(usedMs: number, nowMs: number) {
    this.#usedMs = usedMs;
    this.#atMs = nowMs;
  }

  /** Between the last two looks; 0 before there were two. */
  get cores(): number {
    return this.#cores;
  }

  look(usedMs: number, nowMs: number): void {
    const elapsedMs = nowMs - this.#atMs;
    if (elapsedMs <= 0) return;
    this.#cores = Math.max(0, usedMs - this.#usedMs) / elapsedMs;
    this.#usedMs = usedMs;
    this.#atMs = nowMs;
  }
}
