import type { TransportAddress } from '../address/transport-address.ts';
import type { Parsed } from './attribute-codec.ts';

const FAMILY_IPV4 = 0x01;
const FAMILY_IPV6 = 0x02;
const PREFIX_BYTES = 4;

/** Writes the value of MAPPED-ADDRESS: zero, family, port, address (RFC 8489 §14.1). */
export function encodeAddressValue({ family, address, port }: TransportAddress): Uint8Array {
  if (address.length !== (family === 4 ? 4 : 16)) {
    throw new RangeError(`an IPv${family} address does not have ${address.length} octets`);
  }
  if (!Number.isInteger(port) || port < 0 || port > 0xffff)
    throw new RangeError(`no port has the number ${port}`);
  const value = new Uint8Array(PREFIX_BYTES + address.length);
  value[1] = family === 4 ? FAMILY_IPV4 : FAMILY_IPV6;
  value[2] = port >>> 8;
  value[3] = port;
  value.set(address, PREFIX_BYTES);
  return value;
}

/** Reads the value of MAPPED-ADDRESS; the first octet is ignored (RFC 8489 §14.1). The address is a copy. */
export function parseAddressValue(value: Uint8Array): Parsed<TransportAddress> {
  if (value.length < PREFIX_BYTES) return { ok: false, reason: 'wrong-length' };
  const familyCode = value[1];
  if (familyCode !== FAMILY_IPV4 && familyCode !== FAMILY_IPV6)
    return { ok: false, reason: 'unknown-family' };
  const family = familyCode === FAMILY_IPV4 ? 4 : 6;
  if (value.length !== PREFIX_BYTES + (family === 4 ? 4 : 16)) return { ok: false, reason: 'wrong-length' };
  return {
    ok: true,
    value: {
      family,
      address: new Uint8Array(value.subarray(PREFIX_BYTES)),
      port: ((value[2] ?? 0) << 8) | (value[3] ?? 0),
    },
  };
}
