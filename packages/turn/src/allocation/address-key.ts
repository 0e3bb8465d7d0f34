import type { IpAddress, TransportAddress } from '@callbox/stun';

/** An address as the key of a map: by its octets, so that two spellings of one IPv6 address are one key. */
export function addressKey({ address }: IpAddress): string {
  if (address.length !== 4) return String.fromCharCode(...address);
  return String.fromCharCode(address[0] ?? 0, address[1] ?? 0, address[2] ?? 0, address[3] ?? 0);
}

/** The same with the port. */
export function transportAddressKey(address: TransportAddress): string {
  return addressKey(address) + String.fromCharCode(address.port);
}

/** An IPv4 address, or an IPv6 /64: a provider gives each customer a whole one at least. */
export function sourceKey({ family, address }: IpAddress): string {
  return addressKey({ family, address: family === 4 ? address : address.subarray(0, 8) });
}
