import type { IpAddress, TransportAddress } from '@callbox/stun';

/**
 * An address as the key of a map: by its octets, two a character, so that two spellings of one IPv6 address are one key. Keys of
 * the two families differ in length.
 */
export function addressKey({ address }: IpAddress): string {
  if (address.length === 4) return String.fromCharCode(pair(address, 0), pair(address, 2));
  return longKey(address, address.length);
}

/** The same with the port. */
export function transportAddressKey({ address, port }: TransportAddress): string {
  if (address.length === 4) return String.fromCharCode(pair(address, 0), pair(address, 2), port);
  return longKey(address, address.length) + String.fromCharCode(port);
}

/** An IPv4 address, or an IPv6 /64: a provider gives each customer a whole one at least. */
export function sourceKey(source: IpAddress): string {
  return source.family === 4 ? addressKey(source) : longKey(source.address, 8);
}

/** Two addresses with their ports, behind a number that tells such pairs apart. */
export function pathKey(kind: number, local: TransportAddress, remote: TransportAddress): string {
  const [a, b] = [local.address, remote.address];
  if (a.length === 4 && b.length === 4) {
    return String.fromCharCode(kind, pair(a, 0), pair(a, 2), local.port, pair(b, 0), pair(b, 2), remote.port);
  }
  return (
    String.fromCharCode(kind, a.length, local.port, remote.port) + longKey(a, a.length) + longKey(b, b.length)
  );
}

function pair(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
}

function longKey(octets: Uint8Array, length: number): string {
  let key = '';
  for (let at = 0; at < length; at += 2) key += String.fromCharCode(pair(octets, at));
  return key;
}
