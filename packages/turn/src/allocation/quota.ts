import type { IpAddress } from '@callbox/stun';
import { sourceKey } from './address-key.ts';

/** How many allocations there may be. */
export interface QuotaLimits {
  readonly perAccount: number;
  /** From one IPv4 address or IPv6 /64: where anybody gets an account, that alone stops nobody. */
  readonly perSource: number;
  readonly total: number;
}

/** Counts allocations from the moment they exist until they are gone, whatever ended them. */
export class Quota {
  readonly #limits: QuotaLimits;
  readonly #byAccount = new Map<string, number>();
  readonly #bySource = new Map<string, number>();
  #total = 0;

  constructor(limits: QuotaLimits) {
    this.#limits = limits;
  }

  /** Which limit one more would exceed, if any. */
  exhausted(account: string, client: IpAddress): 'account' | 'source' | 'total' | undefined {
    const { perAccount, perSource, total } = this.#limits;
    if ((this.#byAccount.get(account) ?? 0) >= perAccount) return 'account';
    if ((this.#bySource.get(sourceKey(client)) ?? 0) >= perSource) return 'source';
    return this.#total >= total ? 'total' : undefined;
  }

  charge(account: string, client: IpAddress): void {
    add(this.#byAccount, account, 1);
    add(this.#bySource, sourceKey(client), 1);
    this.#total += 1;
  }

  release(account: string, client: IpAddress): void {
    add(this.#byAccount, account, -1);
    add(this.#bySource, sourceKey(client), -1);
    this.#total -= 1;
  }
}

/** What has come down to nothing is forgotten. */
function add(counts: Map<string, number>, key: string, amount: number): void {
  const count = (counts.get(key) ?? 0) + amount;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
