import type { IpAddress } from '@callbox/stun';
import type { HostWords } from '../host-words.ts';

type Family = IpAddress['family'];

/** AF_INET and AF_INET6. */
export const ADDRESS_FAMILY: Readonly<Record<Family, number>> = { 4: 2, 6: 10 };
/** The longer of the two, `sockaddr_in6`. */
export const MAX_ADDRESS_BYTES = 28;

/** The length of a `sockaddr_in` or `sockaddr_in6`. */
export function socketAddressBytes(family: Family): number {
  return family === 4 ? 16 : MAX_ADDRESS_BYTES;
}

/** Writes a `sockaddr_in` or `sockaddr_in6`: family, port, then the address, between a flow label and a scope on IPv6. */
export function writeSocketAddress(
  view: DataView,
  offset: number,
  family: Family,
  words: HostWords,
  port: number,
): void {
  view.setUint16(offset, ADDRESS_FAMILY[family], true);
  view.setUint16(offset + 2, port);
  if (family === 4) {
    view.setInt32(offset + 4, words[3] ?? 0);
    return;
  }
  view.setInt32(offset + 4, 0);
  for (let word = 0; word < 4; word += 1) view.setInt32(offset + 8 + word * 4, words[word] ?? 0);
  view.setInt32(offset + 24, 0);
}

/** Reads the address of one into words, and gives its port. */
export function readSocketAddress(view: DataView, offset: number, family: Family, into: HostWords): number {
  const words = into;
  if (family === 4) {
    words[0] = 0;
    words[1] = 0;
    words[2] = 0xffff;
    words[3] = view.getInt32(offset + 4);
  } else {
    for (let word = 0; word < 4; word += 1) words[word] = view.getInt32(offset + 8 + word * 4);
  }
  return view.getUint16(offset + 2);
}
