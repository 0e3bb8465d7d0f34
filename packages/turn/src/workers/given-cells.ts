import type { AllowanceState } from '../plane/allowance.ts';
import type { AllowanceStates, RelayRates } from '../plane/forwarding/shaper.ts';
import type { RelayId } from '../plane/route-change.ts';
import type { SharedMemory } from './shared-memory.ts';

/** A worker's book of who has which cell of the shared memory, as main says. */
export class GivenCells implements AllowanceStates {
  readonly #memory: SharedMemory;
  readonly #accounts = new Map<string, number>();
  readonly #relays = new Map<RelayId, number>();

  constructor(memory: SharedMemory) {
    this.#memory = memory;
  }

  /** To be called before the relay is made. */
  note(relay: {
    readonly id: RelayId;
    readonly cell: number;
    readonly account: string;
    readonly accountCell: number;
  }): void {
    this.#relays.set(relay.id, relay.cell);
    this.#accounts.set(relay.account, relay.accountCell);
  }

  relays(): Iterable<readonly [RelayId, number]> {
    return this.#relays;
  }

  cellOfRelay(relay: RelayId): number | undefined {
    return this.#relays.get(relay);
  }

  forgetRelay(relay: RelayId): void {
    this.#relays.delete(relay);
  }

  ofAccount(account: string): AllowanceState | undefined {
    const cell = this.#accounts.get(account);
    return cell === undefined ? undefined : { numbers: this.#memory.allowance(cell, 0), isBegun: true };
  }

  forgetAccount(account: string): void {
    this.#accounts.delete(account);
  }

  ofRelay(relay: RelayId, way: keyof RelayRates): AllowanceState | undefined {
    const cell = this.#relays.get(relay);
    if (cell === undefined) return undefined;
    return { numbers: this.#memory.allowance(cell, way === 'toPeers' ? 1 : 2), isBegun: true };
  }
}
