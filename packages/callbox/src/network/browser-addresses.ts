import { isIPv4 } from 'node:net';
import type { DataDirectory } from '../data-directory.ts';
import { addressGroupOf } from './address-group.ts';
import { canonicalAddress } from './canonical-address.ts';
import { parseHost } from './host.ts';
import { isPublicAddress } from './is-public-address.ts';

const file = 'reached-at';
/**
 * Guests choose what they say, and whoever is believed gets the packets that are meant for the relay. So it takes guests of
 * several networks, an IPv4 /16 or an IPv6 /32 each, and several times as many as tell of any other address.
 */
const networksNeeded = 4;
const timesAsMany = 3;
/** Networks that are counted for one address. */
const mostNetworks = 1_000;
/** Beyond that, the oldest are forgotten: somebody makes them up. */
const mostAddresses = 64;

export interface BrowserAddresses {
  /** Takes note of how a guest's browser came. */
  readonly note: (approach: {
    readonly host: string;
    readonly remoteAddress: string;
    readonly isProxied: boolean;
  }) => void;
}

export interface BrowserAddressesOptions {
  readonly directory: DataDirectory;
  /** Addresses that are known to be ours. */
  readonly isKnown: (address: string) => boolean;
  /** Several guests have come by this public address, of which nobody else has told. It is kept for the next start. */
  readonly onFound: (address: string) => void;
}

/** The addresses that an earlier run has found. */
export async function readBrowserAddresses(directory: DataDirectory): Promise<readonly string[]> {
  const lines = ((await directory.read(file)) ?? '').split('\n');
  return lines.filter((line) => canonicalAddress(line) === line && isPublicAddress(line));
}

/**
 * Learns from guests by which public address they reach this machine, where a router or a cloud maps it and nobody has said
 * so. It is believed from the next start on, and only if nobody who knows better tells another.
 */
export function createBrowserAddresses(options: BrowserAddressesOptions): BrowserAddresses {
  const witnesses = new Map<string, Set<string>>();
  let found: string | undefined;

  return {
    note({ host, remoteAddress, isProxied }) {
      const name = parseHost(host)?.name ?? '';
      const address = canonicalAddress(name);
      if (isProxied || address === undefined || !isPublicAddress(address) || options.isKnown(address)) return;
      // Somebody inside may reach us by any address that a router turns round.
      if (!isPublicAddress(canonicalAddress(remoteAddress) ?? '')) return;
      const networks = witnesses.get(address) ?? new Set();
      const known = networks.size;
      if (known === mostNetworks) return;
      networks.add(networkOf(remoteAddress));
      witnesses.set(address, networks);
      const [oldest] = witnesses.keys();
      if (witnesses.size > mostAddresses && oldest !== undefined) witnesses.delete(oldest);
      if (networks.size === known || address === found || networks.size < networksNeeded) return;
      const others = [...witnesses].filter(([other]) => other !== address).map(([, { size }]) => size);
      if (networks.size < timesAsMany * Math.max(0, ...others)) return;
      found = address;
      options.onFound(address);
      // Only the next start needs it.
      void options.directory.write(file, `${address}\n`).catch(() => {});
    },
  };
}

/** What one provider has at its disposal, roughly. */
function networkOf(address: string): string {
  const group = addressGroupOf(address);
  return isIPv4(group) ? group.split('.').slice(0, 2).join('.') : group.split(':').slice(0, 2).join(':');
}
