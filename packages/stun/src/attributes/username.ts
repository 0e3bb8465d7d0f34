import { ATTRIBUTE_TYPE } from './attribute-type.ts';
import { createTextCodec } from './text-codec.ts';

/** USERNAME: who signs; fewer than 509 octets (RFC 8489 §14.3). */
export const username = createTextCodec(ATTRIBUTE_TYPE.username, 'USERNAME', { maxBytes: 508 });
