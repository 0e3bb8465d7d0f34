import { createOctetsCodec } from '@callbox/stun';
import { TURN_ATTRIBUTE_TYPE } from './turn-attribute-type.ts';

/** DATA: the payload of a Send or Data indication; may be empty (RFC 8656 §18.4). */
export const data = createOctetsCodec(TURN_ATTRIBUTE_TYPE.data, 'DATA', {
  minBytes: 0,
  maxBytes: 0xffff,
  step: 1,
});
