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
  const mask = new Uint8Array(16);
  new DataView(mask.buffer).setUint32(0, MAGIC_COOKIE);
  mask.set(transactionId.subarray(0, 12), 4);
  return {
    family,
    address: address.map((octet, index) => octet ^ (mask[index] ?? 0)),
    port: port ^ (MAGIC_COOKIE >>> 16),
  };
}
