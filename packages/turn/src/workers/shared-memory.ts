import { SystemCallError, type SystemCalls } from '../plane/linux/system-calls.ts';
import { PLANE_COUNTER_NAMES } from '../plane/plane-counters.ts';
import type { WorkerCalls } from './worker-calls.ts';

const MFD_CLOEXEC = 1;
const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const NUMBER_BYTES = 8;
/** Whole lines of the processor's cache, so that no two processes write to one. */
const HEADER_NUMBERS = 16;
const COUNTER_NUMBERS = 32;
/** Packets and octets of a relay, each way. */
export const TOTAL_NUMBERS = 4;
/** What is left, and when it was filled. */
const ALLOWANCE_NUMBERS = 2;
/** An account's, and a relay's each way. */
const ALLOWANCES_PER_CELL = 3;
/** More relays than this are carried, but not by workers. */
export const CELLS = 32_768;
const WORKER_NUMBERS = HEADER_NUMBERS + COUNTER_NUMBERS + CELLS * TOTAL_NUMBERS;
const ALLOWANCE_BLOCK = CELLS * ALLOWANCES_PER_CELL * ALLOWANCE_NUMBERS;

/** What one worker and main say to each other without a message. */
export interface WorkerCells {
  /** How many commands main has sent: 0. How often the worker has shown that it lives, and the milliseconds of processor time that it has used: 8, 9. */
  readonly header: Float64Array;
  /** The worker's counters, in the order of `PLANE_COUNTER_NAMES`. */
  readonly counters: Float64Array;
  /** What its relays have carried, `TOTAL_NUMBERS` for each cell. */
  readonly totals: Float64Array;
}

export const COMMANDS_SENT = 0;
export const BEATS = 8;
export const USED_MS = 9;

/**
 * Memory that main and all workers see: numbers with one writer each, so that counters are true at every moment and outlive
 * the worker that counted; and the rates of accounts and relays, which all draw on. Of those several write, without a lock: a
 * packet now and then is counted once for two, which no rate notices. Nothing here is an index or a length, so whatever a
 * worker that has gone mad writes, main is wrong by a number and no more.
 */
export class SharedMemory {
  readonly #numbers: Float64Array;
  readonly #workers: number;

  private constructor(buffer: ArrayBuffer, workers: number) {
    this.#numbers = new Float64Array(buffer);
    this.#workers = workers;
  }

  /** Makes the memory; gives its descriptor, too. @throws SystemCallError */
  static create(
    calls: SystemCalls,
    workerCalls: WorkerCalls,
    workers: number,
  ): { readonly fd: number; readonly memory: SharedMemory } {
    const fd = workerCalls.memfdCreate('callbox relay', MFD_CLOEXEC);
    if (fd < 0) throw new SystemCallError('memfd_create', calls.errno());
    if (workerCalls.ftruncate(fd, sizeFor(workers)) < 0) {
      const error = new SystemCallError('ftruncate', calls.errno());
      calls.close(fd);
      throw error;
    }
    return { fd, memory: SharedMemory.open(fd, calls, workerCalls, workers) };
  }

  /** @throws SystemCallError */
  static open(fd: number, calls: SystemCalls, workerCalls: WorkerCalls, workers: number): SharedMemory {
    const bytes = sizeFor(workers);
    const at = workerCalls.mmap(0, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0);
    // MAP_FAILED is all ones.
    if (at <= 0 || at > Number.MAX_SAFE_INTEGER) throw new SystemCallError('mmap', calls.errno());
    return new SharedMemory(workerCalls.viewOf(at, bytes), workers);
  }

  ofWorker(slot: number): WorkerCells {
    const start = slot * WORKER_NUMBERS;
    const countersAt = start + HEADER_NUMBERS;
    const totalsAt = countersAt + COUNTER_NUMBERS;
    return {
      header: this.#numbers.subarray(start, countersAt),
      counters: this.#numbers.subarray(countersAt, countersAt + PLANE_COUNTER_NAMES.length),
      totals: this.#numbers.subarray(totalsAt, start + WORKER_NUMBERS),
    };
  }

  /** The state of an allowance: of the account that has this cell (0), or of the relay that has it, to peers (1), to its client (2). */
  allowance(cell: number, which: 0 | 1 | 2): Float64Array {
    const start = this.#workers * WORKER_NUMBERS + (which * CELLS + cell) * ALLOWANCE_NUMBERS;
    return this.#numbers.subarray(start, start + ALLOWANCE_NUMBERS);
  }
}

function sizeFor(workers: number): number {
  return (workers * WORKER_NUMBERS + ALLOWANCE_BLOCK) * NUMBER_BYTES;
}
