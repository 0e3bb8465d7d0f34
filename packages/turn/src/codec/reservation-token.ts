import { createOctetsCodec } from '@callbox/stun';
import { TURN_ATTRIBUTE_TYPE } from './turn-attribute-type.ts';

/** RESERVATION-TOKEN: names a port kept by an earlier EVEN-PORT; we never keep one (RFC 8656 §18.10). */
export const reservationToken = createOctetsCodec(TURN_ATTRIBUTE_TYPE.reservationToken, 'RESERVATION-TOKEN', {
  minBytes: 8,
  maxBytes: 8,
  step: 1,
});
