import { ATTRIBUTE_TYPE } from './attribute-type.ts';
import { createAddressCodec } from './address-codec.ts';

/** ALTERNATE-SERVER: where to try instead, with a 300 (RFC 8489 §14.15). */
export const alternateServer = createAddressCodec(ATTRIBUTE_TYPE.alternateServer, 'ALTERNATE-SERVER');
