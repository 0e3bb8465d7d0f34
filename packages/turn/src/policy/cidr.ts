import { formatIpAddress, parseIpAddress, type IpAddress } from '@callbox/stun';

/** A block of addresses: those that share the first `prefixLength` bits. */
export interface Cidr extends IpAddress {
  /** 0 to 32 for IPv4, 0 to 128 for IPv6. */
  readonly prefixLength: number;
}

export type ParsedCidr =
  { readonly ok: true; readonly value: Cidr } | { readonly ok: false; readonly reason: string };

const MAPPED_PREFIX_BITS = 96;

/**
 * Reads `10.0.0.0/8` or `2001:db8::/32`; a bare address is a block of one. Bits behind the prefix are refused, not
 * masked: `10.0.0.5/8` could be meant either way, and one of the two opens too much. A block of IPv4-mapped addresses
 * is the IPv4 block it stands for.
 *
 * @example
 * const parsed = parseCidr('10.0.0.0/8');
 * if (!parsed.ok) console.error(parsed.reason);
 */
export function parseCidr(text: string): ParsedCidr {
  const [addressText = '', prefixText, ...rest] = text.split('/');
  const parsed = parseIpAddress(addressText);
  if (parsed === undefined) return refuse(`"${addressText}" is not an IP address`);
  const maxPrefix = parsed.family === 4 ? 32 : 128;
  if (rest.length > 0 || (prefixText !== undefined && !/^\d{1,3}$/u.test(prefixText))) {
    return refuse(`"${text}" is not ADDRESS/PREFIX`);
  }
  const prefixLength = prefixText === undefined ? maxPrefix : Number(prefixText);
  if (prefixLength > maxPrefix) {
    return refuse(`an IPv${parsed.family} prefix has at most ${maxPrefix} bits, not ${prefixLength}`);
  }
  const base = maskAddress(parsed.address, prefixLength);
  if (base.some((octet, index) => octet !== parsed.address[index])) {
    return refuse(`bits behind the prefix are set; ${formatIpAddress(base)}/${prefixLength} is the block`);
  }
  return { ok: true, value: unmapBlock({ family: parsed.family, address: base, prefixLength }) };
}

/** True when the address is of the block's family and inside it. */
export function cidrContains(cidr: Cidr, { family, address }: IpAddress): boolean {
  if (family !== cidr.family) return false;
  const wholeOctets = cidr.prefixLength >> 3;
  for (let index = 0; index < wholeOctets; index += 1) {
    if (address[index] !== cidr.address[index]) return false;
  }
  const bitsLeft = cidr.prefixLength & 7;
  if (bitsLeft === 0) return true;
  const difference = (address[wholeOctets] ?? 0) ^ (cidr.address[wholeOctets] ?? 0);
  return difference >> (8 - bitsLeft) === 0;
}

function maskAddress(address: Uint8Array, prefixLength: number): Uint8Array {
  return address.map((octet, index) => {
    const bits = Math.min(8, Math.max(0, prefixLength - index * 8));
    return octet & (0xff00 >> bits);
  });
}

function unmapBlock(cidr: Cidr): Cidr {
  const { family, address, prefixLength } = cidr;
  const isMapped =
    family === 6 &&
    prefixLength >= MAPPED_PREFIX_BITS &&
    address.subarray(0, 10).every((octet) => octet === 0) &&
    address[10] === 0xff &&
    address[11] === 0xff;
  return isMapped
    ? { family: 4, address: address.slice(12), prefixLength: prefixLength - MAPPED_PREFIX_BITS }
    : cidr;
}

function refuse(reason: string): ParsedCidr {
  return { ok: false, reason };
}
