import type { PublicAddress } from './find-public-addresses.ts';

/** What is believed to be our address on the internet, as it is now. */
export interface PublicAddressBook {
  /** At most one of each family. */
  readonly current: () => readonly PublicAddress[];
  readonly onChanged: (listener: () => void) => void;
  /** Looks again before it is time. Never rejects: what cannot be found out stays as it is. */
  readonly look: () => Promise<void>;
  readonly stop: () => void;
}

export interface PublicAddressBookOptions {
  /** Finds out, given what was believed before. */
  readonly find: (before: readonly PublicAddress[]) => Promise<readonly PublicAddress[]>;
  /** Between two looks: a minute, as long as records of machines whose address changes are good for. */
  readonly intervalMs?: number;
}

/** Finds our address on the internet, and looks again from time to time: providers give another, and names are moved. */
export async function openPublicAddressBook(options: PublicAddressBookOptions): Promise<PublicAddressBook> {
  const { find, intervalMs = 60_000 } = options;
  const listeners: (() => void)[] = [];
  let current = await find([]);
  let looking: Promise<void> | undefined;

  async function lookOnce(): Promise<void> {
    const found = await find(current).catch(() => current);
    if (JSON.stringify(found) === JSON.stringify(current)) return;
    current = found;
    for (const listener of listeners) listener();
  }

  /** One look after the other: the later one knows more. */
  async function look(): Promise<void> {
    looking = (looking ?? Promise.resolve()).then(lookOnce);
    await looking;
  }

  const timer = setInterval(() => void look(), intervalMs).unref();
  return {
    current: () => current,
    onChanged: (listener) => void listeners.push(listener),
    look,
    stop: () => clearInterval(timer),
  };
}
