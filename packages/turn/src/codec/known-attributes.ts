import { ATTRIBUTE_TYPE } from '@callbox/stun';
import { TURN_ATTRIBUTE_TYPE } from './turn-attribute-type.ts';

/** Attributes this server understands; where one has no meaning it is ignored (RFC 8489 §6.3). */
export const KNOWN_ATTRIBUTES: ReadonlySet<number> = new Set([
  ...Object.values(ATTRIBUTE_TYPE),
  ...Object.values(TURN_ATTRIBUTE_TYPE),
]);
