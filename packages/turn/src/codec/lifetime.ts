import { createUnsignedCodec } from './unsigned-codec.ts';
import { TURN_ATTRIBUTE_TYPE } from './turn-attribute-type.ts';

/** LIFETIME: seconds until the server forgets the allocation (RFC 8656 §18.2). */
export const lifetime = createUnsignedCodec(TURN_ATTRIBUTE_TYPE.lifetime, 'LIFETIME', {
  bits: 32,
  valueBytes: 4,
});
