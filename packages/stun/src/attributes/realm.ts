import { ATTRIBUTE_TYPE } from './attribute-type.ts';
import { createTextCodec, QUOTED_TEXT_LIMITS } from './text-codec.ts';

/** REALM: present says "long-term credentials" (RFC 8489 §14.9). We take an empty one for a fault: no server can mean it. */
export const realm = createTextCodec(ATTRIBUTE_TYPE.realm, 'REALM', { ...QUOTED_TEXT_LIMITS, minBytes: 1 });
