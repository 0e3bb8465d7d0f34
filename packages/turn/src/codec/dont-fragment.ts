import { createOctetsCodec } from '@callbox/stun';
import { TURN_ATTRIBUTE_TYPE } from './turn-attribute-type.ts';

/** DONT-FRAGMENT: an empty wish that we cannot fulfil and refuse with 420 (RFC 8656 §18.9). */
export const dontFragment = createOctetsCodec(TURN_ATTRIBUTE_TYPE.dontFragment, 'DONT-FRAGMENT', {
  minBytes: 0,
  maxBytes: 0,
  step: 1,
});
