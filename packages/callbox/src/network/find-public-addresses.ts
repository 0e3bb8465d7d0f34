import { isIPv4 } from 'node:net';
import { isPublicAddress } from './is-public-address.ts';

/** Why an address is believed to be ours on the internet. */
export type PublicAddressOrigin = 'configuration' | 'domain' | 'interface' | 'cloud' | 'browsers';

export interface PublicAddress {
  readonly address: string;
  readonly origin: PublicAddressOrigin;
}

/** Who can tell a public address; each tells of both families or of none. */
export interface PublicAddressSources {
  readonly configured: readonly string[];
  /** What the DNS says of our names. */
  readonly askDomains: () => Promise<readonly string[]>;
  /** The addresses of our own interfaces. */
  readonly interfaces: readonly string[];
  /** What the cloud says that this machine runs in; undefined unless it may be asked. */
  readonly askCloud: (() => Promise<readonly string[]>) | undefined;
  /** By which addresses browsers have come before. */
  readonly usedByBrowsers: readonly string[];
  /** What was believed before. */
  readonly before?: readonly PublicAddress[];
}

/**
 * Finds the address by which the internet reaches this machine, at most one of each family, from whoever is the first to
 * tell one. A wrong one costs a detour and no call: two relayed guests always meet inside the relay. Of several from one
 * teller, one that was believed before is kept, for names with several addresses tell them in any order.
 */
export async function findPublicAddresses(sources: PublicAddressSources): Promise<readonly PublicAddress[]> {
  const { before = [] } = sources;
  const found: PublicAddress[] = [];
  const lacksFamily = (address: string): boolean =>
    found.every((other) => isIPv4(other.address) !== isIPv4(address));

  function take(origin: PublicAddressOrigin, addresses: readonly string[]): void {
    const known = before.filter(({ address }) => addresses.includes(address)).map(({ address }) => address);
    for (const address of [...known, ...addresses]) {
      // What the operator says counts, whatever it is: the internet of a laboratory may be a private one.
      if (origin !== 'configuration' && !isPublicAddress(address)) continue;
      if (lacksFamily(address)) found.push({ address, origin });
    }
  }

  /** Who says nothing at all may be out of reach for a moment. */
  function orAsBefore(origin: PublicAddressOrigin, addresses: readonly string[]): readonly string[] {
    if (addresses.length > 0) return addresses;
    return before.filter((known) => known.origin === origin).map(({ address }) => address);
  }

  take('configuration', sources.configured);
  take('domain', orAsBefore('domain', await sources.askDomains()));
  take('interface', sources.interfaces);
  // Clouds map IPv4; their IPv6 addresses are the interfaces' own.
  const lacksIPv4 = found.every(({ address }) => !isIPv4(address));
  if (sources.askCloud !== undefined && lacksIPv4)
    take('cloud', orAsBefore('cloud', await sources.askCloud()));
  take('browsers', sources.usedByBrowsers);
  return found;
}
