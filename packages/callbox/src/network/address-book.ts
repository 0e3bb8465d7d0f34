import { findLocalAddresses, type LocalAddresses } from './local-addresses.ts';

/** The addresses of this machine, as they are now. */
export interface AddressBook {
  readonly current: () => LocalAddresses;
  /** Calls the listener after each change, with what was before. */
  readonly onChanged: (listener: (before: LocalAddresses) => void) => void;
  readonly stop: () => void;
}

export interface AddressBookOptions {
  readonly find?: () => Promise<LocalAddresses>;
  /** Between two looks: 30 s. */
  readonly intervalMs?: number;
}

function isSame(a: LocalAddresses, b: LocalAddresses): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Looks up the addresses of this machine, and again from time to time: laptops move, and leases end. */
export async function openAddressBook(options: AddressBookOptions = {}): Promise<AddressBook> {
  const { find = findLocalAddresses, intervalMs = 30_000 } = options;
  const listeners: ((before: LocalAddresses) => void)[] = [];
  let current = await find();

  async function look(): Promise<void> {
    const found = await find();
    if (isSame(found, current)) return;
    const before = current;
    current = found;
    for (const listener of listeners) listener(before);
  }

  // A machine that has no addresses for a moment has none.
  const timer = setInterval(() => void look().catch(() => {}), intervalMs).unref();
  return {
    current: () => current,
    onChanged: (listener) => void listeners.push(listener),
    stop: () => clearInterval(timer),
  };
}
