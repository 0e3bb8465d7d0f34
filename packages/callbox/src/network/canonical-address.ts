import { isIPv4, isIPv6 } from 'node:net';

/** IPv4 in IPv6's clothes, as sockets that serve both families show it (RFC 4291 §2.5.5.2). */
const mappedIPv4 = /^::ffff:(?<inner>\d+\.\d+\.\d+\.\d+)$/i;

/**
 * One spelling for each IP address, so that texts can be compared; undefined for what is none. The zone of a link-local
 * address is dropped: it says which wire, not who.
 */
export function canonicalAddress(text: string): string | undefined {
  const [address = ''] = text.split('%', 1);
  const inner = mappedIPv4.exec(address)?.groups?.['inner'] ?? address;
  if (isIPv4(inner)) return inner;
  if (!isIPv6(inner)) return undefined;
  const host = new URL(`http://[${inner}]`).hostname.slice(1, -1);
  const hidden = /^::ffff:(?<high>[0-9a-f]{1,4}):(?<low>[0-9a-f]{1,4})$/.exec(host)?.groups;
  if (hidden === undefined) return host;
  const words = [hidden['high'] ?? '', hidden['low'] ?? ''].map((word) => Number.parseInt(word, 16));
  return words.flatMap((word) => [word >> 8, word & 0xff]).join('.');
}

/** The same spelling from the octets of an address: four, or sixteen. */
export function addressOfOctets(octets: Uint8Array): string | undefined {
  if (octets.length === 4) return octets.join('.');
  const words = Buffer.from(octets).toString('hex').match(/.{4}/g) ?? [];
  return canonicalAddress(words.join(':'));
}
