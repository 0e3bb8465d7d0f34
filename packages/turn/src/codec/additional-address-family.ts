import { createAddressFamilyCodec } from './address-family-codec.ts';
import { TURN_ATTRIBUTE_TYPE } from './turn-attribute-type.ts';

/** ADDITIONAL-ADDRESS-FAMILY: asks for an IPv6 address beside the IPv4 one (RFC 8656 §18.11). */
export const additionalAddressFamily = createAddressFamilyCodec(
  TURN_ATTRIBUTE_TYPE.additionalAddressFamily,
  'ADDITIONAL-ADDRESS-FAMILY',
);
