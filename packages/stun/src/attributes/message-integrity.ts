import { ATTRIBUTE_TYPE } from './attribute-type.ts';
import { createOctetsCodec } from './octets-codec.ts';

/** MESSAGE-INTEGRITY: HMAC-SHA1, checked by `verifyIntegrity` and written by `encodeMessage` (RFC 8489 §14.5). */
export const messageIntegrity = createOctetsCodec(ATTRIBUTE_TYPE.messageIntegrity, 'MESSAGE-INTEGRITY', {
  minBytes: 20,
  maxBytes: 20,
  step: 1,
});
