import type { TransportAddress } from '../address/transport-address.ts';
import { encodeAddressValue, parseAddressValue } from './address-value.ts';
import type { AttributeCodec } from './attribute-codec.ts';

/** A codec for attributes in the format of MAPPED-ADDRESS (RFC 8489 §14.1). */
export function createAddressCodec(type: number, name: string): AttributeCodec<TransportAddress> {
  return {
    type,
    name,
    encode: (address) => ({ type, value: encodeAddressValue(address) }),
    parse: (raw) => parseAddressValue(raw.value),
  };
}
