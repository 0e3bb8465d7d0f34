/** Numbers from 0, each given out once; what comes back is given out again as late as possible. */
export class CellPool {
  readonly #free: Int32Array;
  #first = 0;
  #count: number;

  constructor(cells: number) {
    this.#free = Int32Array.from({ length: cells }, (_, cell) => cell);
    this.#count = cells;
  }

  /** Undefined when all are taken. */
  take(): number | undefined {
    if (this.#count === 0) return undefined;
    const cell = this.#free[this.#first];
    this.#first = (this.#first + 1) % this.#free.length;
    this.#count -= 1;
    return cell;
  }

  give(cell: number): void {
    this.#free[(this.#first + this.#count) % this.#free.length] = cell;
    this.#count += 1;
  }
}
