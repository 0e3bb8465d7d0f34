import { createAddressFamilyCodec } from './address-family-codec.ts';
import { TURN_ATTRIBUTE_TYPE } from './turn-attribute-type.ts';

/** REQUESTED-ADDRESS-FAMILY: the family the relayed address shall have (RFC 8656 §18.6). */
export const requestedAddressFamily = createAddressFamilyCodec(
  TURN_ATTRIBUTE_TYPE.requestedAddressFamily,
  'REQUESTED-ADDRESS-FAMILY',
);
