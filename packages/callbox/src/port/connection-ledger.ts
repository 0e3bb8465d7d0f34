import { addressGroupOf } from '../network/address-group.ts';

/** How many connections there may be. An office, or a whole provider, may be behind one address. */
export interface ConnectionLimits {
  /** From one IPv4 address or IPv6 /64. A guest of a large room may hold some forty. */
  readonly perAddress: number;
  /** Of these, that have not yet shown what they speak. Browsers open a few ahead. */
  readonly silentPerAddress: number;
  /** The same from everywhere together; beyond it, the longest silent one makes room. */
  readonly silentTotal: number;
}

export const defaultConnectionLimits: ConnectionLimits = {
  perAddress: 4_000,
  silentPerAddress: 400,
  silentTotal: 4_000,
};

/** A connection in the ledger. */
export interface LedgerEntry {
  /** It has shown what it speaks. */
  spoke(): void;
  /** It is over. */
  close(): void;
}

/** Counts connections by where they come from. */
export interface ConnectionLedger {
  /**
   * Enters a connection, or returns undefined if its address has too many.
   *
   * @param evict ends the connection, should it have to make room while it is silent.
   */
  admit(address: string, evict: () => void): LedgerEntry | undefined;
}

interface Tally {
  open: number;
  silent: number;
}

export function createConnectionLedger(limits: ConnectionLimits): ConnectionLedger {
  const tallies = new Map<string, Tally>();
  /** In the order in which they came. */
  const silent = new Map<LedgerEntry, () => void>();

  return {
    admit(address, evict) {
      const group = addressGroupOf(address);
      const tally = tallies.get(group) ?? { open: 0, silent: 0 };
      if (tally.open >= limits.perAddress || tally.silent >= limits.silentPerAddress) return undefined;
      tallies.set(group, tally);
      tally.open += 1;
      tally.silent += 1;
      let isOpen = true;

      const entry: LedgerEntry = {
        spoke() {
          if (silent.delete(entry)) tally.silent -= 1;
        },
        close() {
          if (!isOpen) return;
          isOpen = false;
          entry.spoke();
          tally.open -= 1;
          if (tally.open === 0) tallies.delete(group);
        },
      };
      silent.set(entry, evict);
      const [longest] = silent;
      if (silent.size > limits.silentTotal && longest !== undefined) {
        const [itsEntry, endIt] = longest;
        itsEntry.close();
        endIt();
      }
      return entry;
    },
  };
}
