import type { IpAddress, TransportAddress } from '@callbox/stun';

/** An address as the key of a map: by its octets, so that two spellings of one IPv6 address are one key. */
export function addressKey({ address }: IpAddress): string {
  return String.fromCharCode(...address);
}

/** The same with the port. */
export function transportAddressKey(address: TransportAddress): string {
  return `${addressKey(address)}:${address.port}`;
}
