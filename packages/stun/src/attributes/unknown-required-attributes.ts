import type { StunMessage } from '../message/stun-message.ts';
import { isComprehensionRequired } from './attribute-type.ts';

const NONE: readonly number[] = [];

/** Types that had to be understood and are not in `known`, each once, for a 420 and its UNKNOWN-ATTRIBUTES (RFC 8489 §6.3.1). */
export function unknownRequiredAttributes(
  message: StunMessage,
  known: ReadonlySet<number>,
): readonly number[] {
  let unknown: Set<number> | undefined;
  for (const { type } of message.attributes) {
    if (!isComprehensionRequired(type) || known.has(type)) continue;
    unknown ??= new Set();
    unknown.add(type);
  }
  return unknown === undefined ? NONE : [...unknown];
}
