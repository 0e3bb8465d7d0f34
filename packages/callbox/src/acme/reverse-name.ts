import { isIP } from 'node:net';
import { parseCidr } from '@callbox/turn';

/** The name under which the DNS keeps what belongs to an address (RFC 1035 §3.5, RFC 3596 §2.5). */
function reverse(address: Uint8Array): string {
  const isVersion4 = address.length === 4;
  const parts = isVersion4
    ? Array.from(address, String)
    : Array.from(address).flatMap((octet) => [octet >> 4, octet & 0x0f].map((digit) => digit.toString(16)));
  return `${parts.toReversed().join('.')}.${isVersion4 ? 'in-addr' : 'ip6'}.arpa`;
}

/**
 * What a certificate authority writes into the server name of its ClientHello: the name, or for an address, which that
 * field cannot hold, its name in the reverse tree (RFC 8738 §6).
 */
export function toChallengeServerName(identifier: string): string {
  if (isIP(identifier) === 0) return identifier.toLowerCase();
  const parsed = parseCidr(identifier);
  if (!parsed.ok) throw new TypeError(`${identifier}: ${parsed.reason}`);
  return reverse(parsed.value.address);
}
