import { isIPv4 } from 'node:net';
import { createAddressSet } from './address-set.ts';

/** IPv4 addresses that are no host's on the internet (RFC 6890 and the IANA registry it began). */
const specialIPv4 = createAddressSet([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]);
/** What the internet routes (RFC 4291 §2.4), and within it what it does not. */
const globalIPv6 = createAddressSet(['2000::/3']);
const specialIPv6 = createAddressSet(['2001::/32', '2001:2::/48', '2001:db8::/32', '2002::/16', '3fff::/20']);

/** Whether everybody on the internet could have this address for a machine of theirs. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !specialIPv4.has(address);
  return globalIPv6.has(address) && !specialIPv6.has(address);
}
