import { ATTRIBUTE_TYPE } from './attribute-type.ts';
import { createOctetsCodec } from './octets-codec.ts';

/** MESSAGE-INTEGRITY-SHA256: HMAC-SHA256, which a usage may truncate to 16 octets or more in steps of four (RFC 8489 §14.6). */
export const messageIntegritySha256 = createOctetsCodec(
  ATTRIBUTE_TYPE.messageIntegritySha256,
  'MESSAGE-INTEGRITY-SHA256',
  { minBytes: 16, maxBytes: 32, step: 4 },
);
