import { ATTRIBUTE_TYPE } from './attribute-type.ts';
import { createTextCodec, QUOTED_TEXT_LIMITS } from './text-codec.ts';

/** NONCE: the server's proof that the client heard it (RFC 8489 §14.10). We take an empty one for a fault: it proves nothing. */
export const nonce = createTextCodec(ATTRIBUTE_TYPE.nonce, 'NONCE', { ...QUOTED_TEXT_LIMITS, minBytes: 1 });
