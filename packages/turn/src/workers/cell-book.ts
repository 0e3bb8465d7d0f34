import type { AllowanceState } from '../plane/allowance.ts';
import type { AllowanceStates, RelayRates } from '../plane/forwarding/shaper.ts';
import type { RelayId } from '../plane/route-change.ts';
import { CellPool } from './cell-pool.ts';
import { CELLS, type SharedMemory } from './shared-memory.ts';

/** Main's book of who has which cell of the shared memory. */
export class CellBook implements AllowanceStates {
  readonly #memory: SharedMemory;
  readonly #accountPool = new CellPool(CELLS);
  readonly #relayPool = new CellPool(CELLS);
  readonly #accounts = new Map<string, number>();
  readonly #relays = new Map<RelayId, number>();

  constructor(memory: SharedMemory) {
    this.#memory = memory;
  }

  /** Undefined for what came when all cells were taken. */
  cellOfRelay(relay: RelayId): number | undefined {
    return this.#relays.get(relay);
  }

  cellOfAccount(account: string): number | undefined {
    return this.#accounts.get(account);
  }

  ofAccount(account: string): AllowanceState | undefined {
    const cell = this.#accounts.get(account) ?? this.#accountPool.take();
    if (cell === undefined) return undefined;
    this.#accounts.set(account, cell);
    return { numbers: this.#memory.allowance(cell, 0), isBegun: false };
  }

  forgetAccount(account: string): void {
    const cell = this.#accounts.get(account);
    if (cell === undefined) return;
    this.#accounts.delete(account);
    this.#accountPool.give(cell);
  }

  ofRelay(relay: RelayId, way: keyof RelayRates): AllowanceState | undefined {
    const cell = this.#relays.get(relay) ?? this.#relayPool.take();
    if (cell === undefined) return undefined;
    this.#relays.set(relay, cell);
    return { numbers: this.#memory.allowance(cell, way === 'toPeers' ? 1 : 2), isBegun: false };
  }

  /** Gives a relay a cell if it has none yet and there is one. */
  addRelay(relay: RelayId): number | undefined {
    const cell = this.#relays.get(relay) ?? this.#relayPool.take();
    if (cell !== undefined) this.#relays.set(relay, cell);
    return cell;
  }

  removeRelay(relay: RelayId): void {
    const cell = this.#relays.get(relay);
    if (cell === undefined) return;
    this.#relays.delete(relay);
    this.#relayPool.give(cell);
  }
}
