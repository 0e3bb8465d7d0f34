import { createHmac } from 'node:crypto';
import { ATTRIBUTE_HEADER_BYTES, HEADER_BYTES } from '../message/wire-format.ts';
import { HmacSha1 } from './hmac-sha1.ts';
import { IntegrityKey, type KeyLike } from './integrity-key.ts';
import { withLength } from './with-length.ts';

/** `sha1` is MESSAGE-INTEGRITY, `sha256` is MESSAGE-INTEGRITY-SHA256. */
export type IntegrityAlgorithm = 'sha1' | 'sha256';

/** Octets of the whole HMAC. */
export const INTEGRITY_BYTES: Readonly<Record<IntegrityAlgorithm, number>> = { sha1: 20, sha256: 32 };

export interface IntegrityInput {
  readonly algorithm: IntegrityAlgorithm;
  readonly key: KeyLike;
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
  if (algorithm === 'sha1') {
    const hmac = new Uint8Array(INTEGRITY_BYTES.sha1);
    hmacSha1Of(key).writeMessageHmac(bytes, offset, claimedLength(offset, valueBytes), hmac, 0);
    return hmac;
  }
  const octets = key instanceof IntegrityKey ? key.octets : key;
  const header = withLength(bytes, offset + ATTRIBUTE_HEADER_BYTES + valueBytes);
  return createHmac(algorithm, octets).update(header).update(bytes.subarray(HEADER_BYTES, offset)).digest();
}

/** Writes the value of a MESSAGE-INTEGRITY whose header starts at `offset`. */
export function writeIntegritySha1(key: KeyLike, bytes: Uint8Array, offset: number): void {
  const claimed = claimedLength(offset, INTEGRITY_BYTES.sha1);
  hmacSha1Of(key).writeMessageHmac(bytes, offset, claimed, bytes, offset + ATTRIBUTE_HEADER_BYTES);
}

/** True when the 20 octets of a MESSAGE-INTEGRITY whose header starts at `offset` are right; in constant time. */
export function holdsIntegritySha1(key: KeyLike, bytes: Uint8Array, offset: number): boolean {
  const claimed = claimedLength(offset, INTEGRITY_BYTES.sha1);
  return hmacSha1Of(key).isMessageHmac(bytes, offset, claimed, offset + ATTRIBUTE_HEADER_BYTES);
}

function hmacSha1Of(key: KeyLike): HmacSha1 {
  return key instanceof IntegrityKey ? key.hmacSha1 : new HmacSha1(key);
}

function claimedLength(offset: number, valueBytes: number): number {
  return offset + ATTRIBUTE_HEADER_BYTES + valueBytes - HEADER_BYTES;
}
