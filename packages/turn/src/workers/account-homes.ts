/** Where the relays of one account are. */
export interface Home<C> {
  /** Who carries them. */
  readonly carrier: C;
  /** They go to whoever is ready next. */
  readonly isWaiting: boolean;
}

interface Account<C> {
  home: Home<C>;
  relays: number;
}

/** Of accounts whose relays have to stay together: where they are. Empty where none have to. */
export class AccountHomes<C> {
  readonly #staysTogether: boolean;
  readonly #accounts = new Map<string, Account<C>>();

  constructor(staysTogether: boolean) {
    this.#staysTogether = staysTogether;
  }

  of(account: string): Home<C> | undefined {
    return this.#accounts.get(account)?.home;
  }

  /** One relay more, which is where the others are; the first of them is `at`. */
  add(account: string, at: Home<C>): void {
    const known = this.#accounts.get(account);
    if (known !== undefined) known.relays += 1;
    else if (this.#staysTogether) this.#accounts.set(account, { home: at, relays: 1 });
  }

  remove(account: string): void {
    const known = this.#accounts.get(account);
    if (known === undefined) return;
    known.relays -= 1;
    if (known.relays === 0) this.#accounts.delete(account);
  }

  /** All of them are there from now on. */
  move(account: string, to: Home<C>): void {
    const known = this.#accounts.get(account);
    if (known !== undefined) known.home = to;
  }
}
