import { timingSafeEqual } from 'node:crypto';
import { ATTRIBUTE_TYPE } from '../attributes/attribute-type.ts';
import { messageIntegritySha256 } from '../attributes/message-integrity-sha256.ts';
import type { RawAttribute, StunMessage } from '../message/stun-message.ts';
import {
  computeIntegrity,
  holdsIntegritySha1,
  INTEGRITY_BYTES,
  type IntegrityAlgorithm,
} from './compute-integrity.ts';
import type { KeyLike } from './integrity-key.ts';

export type IntegrityVerdict = 'absent' | 'ok' | 'wrong';

/**
 * Checks MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256 with one key, in constant time. Where both are present both must
 * hold; an attribute of impossible length is `wrong`.
 */
export function verifyIntegrity(message: StunMessage, key: KeyLike): IntegrityVerdict {
  let verdict: IntegrityVerdict = 'absent';
  for (const attribute of message.attributes) {
    const algorithm = algorithmOf(attribute);
    if (algorithm === undefined) continue;
    if (!attributeHolds(message, attribute, { algorithm, key })) return 'wrong';
    verdict = 'ok';
  }
  return verdict;
}

function algorithmOf({ type }: RawAttribute): IntegrityAlgorithm | undefined {
  if (type === ATTRIBUTE_TYPE.messageIntegrity) return 'sha1';
  return type === ATTRIBUTE_TYPE.messageIntegritySha256 ? 'sha256' : undefined;
}

function attributeHolds(
  message: StunMessage,
  attribute: RawAttribute,
  { algorithm, key }: { readonly algorithm: IntegrityAlgorithm; readonly key: KeyLike },
): boolean {
  if (algorithm === 'sha1') {
    const { length } = attribute.value;
    return length === INTEGRITY_BYTES.sha1 && holdsIntegritySha1(key, message.bytes, attribute.offset);
  }
  const parsed = messageIntegritySha256.parse(attribute, message.transactionId);
  if (!parsed.ok) return false;
  const valueBytes = parsed.value.length;
  const expected = computeIntegrity({
    algorithm,
    key,
    bytes: message.bytes,
    offset: attribute.offset,
    valueBytes,
  });
  return timingSafeEqual(expected.subarray(0, valueBytes), parsed.value);
}
