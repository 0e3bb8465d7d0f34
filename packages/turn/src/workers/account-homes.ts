/** Where the relays of one account are. */
export interface Home<C> {
  /** Who carries them. */
  readonly carrier: C;
  /** They go to whoever is ready next. */
  readonly isWaiting: boolean;
}

/** Of accounts whose relays have to stay together: where they are. Empty where none have to. */
export class AccountHomes<C> {
  readonly #staysTogether: boolean;
  readonly #homes = new Map<string, Home<C> & { readonly relays: number }>();

  constructor(staysTogether: boolean) {
    this.#staysTogether = staysTogether;
  }

  of(account: string): Home<C> | undefined {
    return this.#homes.get(account);
  }

  /** One relay more, which is where the others are; the first of them is `at`. */
  add(account: string, at: Home<C>): void {
    const home = this.#homes.get(account);
    if (home !== undefined) this.#homes.set(account, { ...home, relays: home.relays + 1 });
    else if (this.#staysTogether) this.#homes.set(account, { ...at, relays: 1 });
  }

  remove(account: string): void {
    const home = this.#homes.get(account);
    if (home === undefined) return;
    if (home.relays === 1) this.#homes.delete(account);
    else this.#homes.set(account, { ...home, relays: home.relays - 1 });
  }

  /** All of them are there from now on. */
  move(account: string, to: Home<C>): void {
    const home = this.#homes.get(account);
    if (home !== undefined) this.#homes.set(account, { ...to, relays: home.relays });
  }
}
