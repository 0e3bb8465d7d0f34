import { crc32 } from 'node:zlib';
import { FINGERPRINT_ATTRIBUTE_BYTES, withLength } from './with-length.ts';

/** "STUN" in ASCII: keeps the value apart from the CRC of another protocol in the same packet (RFC 8489 §14.7). */
const FINGERPRINT_XOR = 0x5354554e;

/**
 * The FINGERPRINT of a message whose FINGERPRINT attribute starts at `offset`: CRC-32 of all octets before it, taken
 * with a length field that ends behind it (RFC 8489 §14.7).
 */
export function computeFingerprint(bytes: Uint8Array, offset: number): number {
  const header = withLength(bytes, offset + FINGERPRINT_ATTRIBUTE_BYTES);
  return (crc32(bytes.subarray(header.length, offset), crc32(header)) ^ FINGERPRINT_XOR) >>> 0;
}
