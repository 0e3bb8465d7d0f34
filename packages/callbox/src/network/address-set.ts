import { BlockList, isIPv4 } from 'node:net';
import { parseCidr } from '@callbox/turn';
import { canonicalAddress } from './canonical-address.ts';

/** A set of IP addresses, given by blocks. */
export interface AddressSet {
  /** Takes any spelling of an address, IPv4 within IPv6 included; what is no address is in no set. */
  has(address: string): boolean;
}

/**
 * Makes the set of all addresses in the blocks.
 *
 * @param blocks in CIDR notation, as `parseCidr` reads them; throws for others.
 */
export function createAddressSet(blocks: readonly string[]): AddressSet {
  const list = new BlockList();
  for (const block of blocks) {
    const parsed = parseCidr(block);
    if (!parsed.ok) throw new Error(parsed.reason);
    const [address = ''] = block.split('/', 1);
    const base = canonicalAddress(address) ?? address;
    list.addSubnet(base, parsed.value.prefixLength, isIPv4(base) ? 'ipv4' : 'ipv6');
  }
  return {
    has(address) {
      const canonical = canonicalAddress(address);
      return canonical !== undefined && list.check(canonical, isIPv4(canonical) ? 'ipv4' : 'ipv6');
    },
  };
}
