/** How many allocations there may be. */
export interface QuotaLimits {
  readonly perAccount: number;
  readonly total: number;
}

/** Counts allocations from the moment they exist until they are gone, whatever ended them. */
export class Quota {
  readonly #limits: QuotaLimits;
  readonly #byAccount = new Map<string, number>();
  #total = 0;

  constructor(limits: QuotaLimits) {
    this.#limits = limits;
  }

  /** Which limit one more would exceed, if any. */
  exhausted(account: string): 'account' | 'total' | undefined {
    if ((this.#byAccount.get(account) ?? 0) >= this.#limits.perAccount) return 'account';
    return this.#total >= this.#limits.total ? 'total' : undefined;
  }

  charge(account: string): void {
    this.#byAccount.set(account, (this.#byAccount.get(account) ?? 0) + 1);
    this.#total += 1;
  }

  release(account: string): void {
    const left = (this.#byAccount.get(account) ?? 0) - 1;
    if (left > 0) this.#byAccount.set(account, left);
    else this.#byAccount.delete(account);
    this.#total -= 1;
  }
}
