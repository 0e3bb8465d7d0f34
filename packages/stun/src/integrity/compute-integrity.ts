import { createHmac } from 'node:crypto';
import { ATTRIBUTE_HEADER_BYTES, HEADER_BYTES } from '../message/wire-format.ts';
import { hmacSha1 } from './hmac-sha1.ts';
import { withLength } from './with-length.ts';

/** `sha1` is MESSAGE-INTEGRITY, `sha256` is MESSAGE-INTEGRITY-SHA256. */
export type IntegrityAlgorithm = 'sha1' | 'sha256';

/** Octets of the whole HMAC. */
export const INTEGRITY_BYTES: Readonly<Record<IntegrityAlgorithm, number>> = { sha1: 20, sha256: 32 };

export interface IntegrityInput {
  readonly algorithm: IntegrityAlgorithm;
  readonly key: Uint8Array;
  readonly bytes: Uint8Array;
  /** Where the integrity attribute's header starts. */
  readonly offset: number;
  /** Octets of the attribute's value; a truncated SHA-256 shortens the length field that is hashed. */
  readonly valueBytes?: number;
}

/**
 * HMAC over the octets before the attribute, with a length field that ends behind it (RFC 8489 §14.5, §14.6). Received
 * padding is hashed as it came, since RFC 5769 pads with spaces.
 */
export function computeIntegrity(input: IntegrityInput): Uint8Array {
  const { algorithm, key, bytes, offset, valueBytes = INTEGRITY_BYTES[algorithm] } = input;
  const header = withLength(bytes, offset + ATTRIBUTE_HEADER_BYTES + valueBytes);
  const rest = bytes.subarray(HEADER_BYTES, offset);
  if (algorithm === 'sha1') return hmacSha1(key, header, rest);
  return createHmac(algorithm, key).update(header).update(rest).digest();
}
