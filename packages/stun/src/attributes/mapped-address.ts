import { ATTRIBUTE_TYPE } from './attribute-type.ts';
import { createAddressCodec } from './address-codec.ts';

/** MAPPED-ADDRESS: the sender's address as the server sees it, for clients of RFC 3489 (RFC 8489 §14.1). */
export const mappedAddress = createAddressCodec(ATTRIBUTE_TYPE.mappedAddress, 'MAPPED-ADDRESS');
