import { ATTRIBUTE_TYPE } from './attribute-type.ts';
import { createTextCodec, QUOTED_TEXT_LIMITS } from './text-codec.ts';

/** SOFTWARE: who wrote the agent, for people who debug (RFC 8489 §14.14). */
export const software = createTextCodec(ATTRIBUTE_TYPE.software, 'SOFTWARE', QUOTED_TEXT_LIMITS);
