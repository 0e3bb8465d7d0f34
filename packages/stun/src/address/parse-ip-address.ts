import type { IpAddress } from './transport-address.ts';

const DECIMAL_OCTET = /^(?:0|[1-9]\d{0,2})$/u;
const HEX_GROUP = /^[0-9a-f]{1,4}$/iu;

/**
 * Reads an IPv4 address in four decimal parts or an IPv6 address in any spelling of RFC 4291 §2.2. Octal and short IPv4
 * forms, brackets and zone ids (`%eth0`) are refused: `undefined`.
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  const family = text.includes(':') ? 6 : 4;
  const octets = family === 4 ? parseIpv4(text) : parseIpv6(text);
  return octets === undefined ? undefined : { family, address: Uint8Array.from(octets) };
}

function parseIpv4(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const octets = parts.map((part) => (DECIMAL_OCTET.test(part) ? Number(part) : Number.NaN));
  return octets.every((octet) => octet <= 255) ? octets : undefined;
}

function parseIpv6(text: string): readonly number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => parseGroups(half, index === halves.length - 1));
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 16 ? head : undefined;
  // "::" stands for at least one group (RFC 4291 §2.2).
  if (tail === undefined || head.length + tail.length > 14) return undefined;
  return [...head, ...Array.from({ length: 16 - head.length - tail.length }, () => 0), ...tail];
}

/** Octets of groups between colons; the last may be an IPv4 address where the text ends with it. */
function parseGroups(text: string, endsAddress: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const octets: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (HEX_GROUP.test(group)) {
      const value = Number.parseInt(group, 16);
      octets.push(value >> 8, value & 0xff);
    } else {
      const ipv4 = endsAddress && index === groups.length - 1 ? parseIpv4(group) : undefined;
      if (ipv4 === undefined) return undefined;
      octets.push(...ipv4);
    }
  }
  return octets.length > 16 ? undefined : octets;
}
