import type { Allocation } from './allocation.ts';

/** All living allocations, by 5-tuple. */
export class AllocationTable {
  readonly #byFiveTuple = new Map<string, Allocation>();
  readonly #byId = new Map<number, Allocation>();

  get size(): number {
    return this.#byFiveTuple.size;
  }

  find(fiveTuple: string): Allocation | undefined {
    return this.#byFiveTuple.get(fiveTuple);
  }

  findById(id: number): Allocation | undefined {
    return this.#byId.get(id);
  }

  add(allocation: Allocation): void {
    this.#byFiveTuple.set(allocation.fiveTuple, allocation);
    this.#byId.set(allocation.id, allocation);
  }

  remove(allocation: Allocation): void {
    this.#byFiveTuple.delete(allocation.fiveTuple);
    this.#byId.delete(allocation.id);
  }

  values(): Iterable<Allocation> {
    return this.#byFiveTuple.values();
  }
}
