import type { IpAddress } from '@callbox/stun';
import { sourceKey } from '../allocation/address-key.ts';

/** How many connections there may be. */
export interface ConnectionLimits {
  readonly total: number;
  /** From one IPv4 address or IPv6 /64. */
  readonly perSource: number;
}

/** Counts connections by where they come from. It remembers nobody who has none. */
export class ConnectionGate {
  readonly #limits: ConnectionLimits;
  readonly #counts = new Map<string, number>();
  #total = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  /** True when one more may come from there; it is counted until `leave`. */
  enter(remote: IpAddress): boolean {
    const source = sourceKey(remote);
    const count = this.#counts.get(source) ?? 0;
    if (this.#total >= this.#limits.total || count >= this.#limits.perSource) return false;
    this.#total += 1;
    this.#counts.set(source, count + 1);
    return true;
  }

  /** One that has entered from there is gone. */
  leave(remote: IpAddress): void {
    const source = sourceKey(remote);
    const count = this.#counts.get(source) ?? 0;
    if (count === 0) return;
    this.#total -= 1;
    if (count === 1) this.#counts.delete(source);
    else this.#counts.set(source, count - 1);
  }
}
