import { ATTRIBUTE_TYPE } from './attribute-type.ts';
import { createXorAddressCodec } from './xor-address-codec.ts';

/** XOR-MAPPED-ADDRESS: the sender's address as the server sees it, hidden from address-rewriting NATs (RFC 8489 §14.2). */
export const xorMappedAddress = createXorAddressCodec(ATTRIBUTE_TYPE.xorMappedAddress, 'XOR-MAPPED-ADDRESS');
