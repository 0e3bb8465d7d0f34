import { ATTRIBUTE_TYPE } from './attribute-type.ts';
import { createTextCodec } from './text-codec.ts';

/** ALTERNATE-DOMAIN: the name in the certificate of the ALTERNATE-SERVER; at most 255 octets (RFC 8489 §14.16). */
export const alternateDomain = createTextCodec(ATTRIBUTE_TYPE.alternateDomain, 'ALTERNATE-DOMAIN', {
  maxBytes: 255,
});
