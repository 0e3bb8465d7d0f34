import { ATTRIBUTE_TYPE } from './attribute-type.ts';
import { createOctetsCodec } from './octets-codec.ts';

/** USERHASH: stands for USERNAME without showing it; made by `computeUserhash` (RFC 8489 §14.4). */
export const userhash = createOctetsCodec(ATTRIBUTE_TYPE.userhash, 'USERHASH', {
  minBytes: 32,
  maxBytes: 32,
  step: 1,
});
