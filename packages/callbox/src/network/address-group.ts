import { isIPv4 } from 'node:net';
import { canonicalAddress } from './canonical-address.ts';

/**
 * Names what one party has at its disposal: an IPv4 address, or the /64 of an IPv6 address, within which everybody
 * chooses theirs freely (RFC 4291 §2.5.1). What is no address is a group of its own.
 */
export function addressGroupOf(address: string): string {
  const canonical = canonicalAddress(address);
  if (canonical === undefined || isIPv4(canonical)) return canonical ?? address;
  const [head = '', tail] = canonical.split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  return [...groups, ...Array.from({ length: missing }, () => '0'), ...(tail ?? '').split(':')]
    .slice(0, 4)
    .join(':');
}
