import type { TransportAddress } from '../address/transport-address.ts';
import { MAGIC_COOKIE } from '../message/wire-format.ts';
import { encodeAddressValue, parseAddressValue } from './address-value.ts';
import type { AttributeCodec } from './attribute-codec.ts';

/** A codec for attributes in the format of XOR-MAPPED-ADDRESS, such as TURN's XOR-PEER-ADDRESS (RFC 8489 §14.2). */
export function createXorAddressCodec(type: number, name: string): AttributeCodec<TransportAddress> {
  return {
    type,
    name,
    encode: (address, transactionId) => {
      return { type, value: encodeAddressValue(xorAddress(address, transactionId)) };
    },
    parse: (raw, transactionId) => {
      const parsed = parseAddressValue(raw.value);
      return parsed.ok ? { ok: true, value: xorAddress(parsed.value, transactionId) } : parsed;
    },
  };
}

/** The port is XORed with the cookie's first half, the address with the cookie and, for IPv6, the transaction id behind it. */
function xorAddress(
  { family, address, port }: TransportAddress,
  transactionId: Uint8Array,
): TransportAddress {
  const masked = new Uint8Array(address.length);
  for (let index = 0; index < address.length; index += 1) {
    const mask = index < 4 ? MAGIC_COOKIE >>> (24 - 8 * index) : (transactionId[index - 4] ?? 0);
    masked[index] = (address[index] ?? 0) ^ mask;
  }
  return {
    family,
    address: masked,
    port: port ^ (MAGIC_COOKIE >>> 16),
  };
}
