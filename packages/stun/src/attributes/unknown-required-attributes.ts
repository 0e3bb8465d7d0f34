import type { StunMessage } from '../message/stun-message.ts';
import { isComprehensionRequired } from './attribute-type.ts';

/** Types that had to be understood and are not in `known`, each once, for a 420 and its UNKNOWN-ATTRIBUTES (RFC 8489 §6.3.1). */
export function unknownRequiredAttributes(
  message: StunMessage,
  known: ReadonlySet<number>,
): readonly number[] {
  const unknown = new Set<number>();
  for (const { type } of message.attributes) {
    if (isComprehensionRequired(type) && !known.has(type)) unknown.add(type);
  }
  return [...unknown];
}
