import { HEADER_BYTES } from '../message/wire-format.ts';

/** Header and value of FINGERPRINT. */
export const FINGERPRINT_ATTRIBUTE_BYTES = 8;

/** A copy of the message's header as it would be if the message ended at `end`: what integrity and fingerprint cover. */
export function withLength(bytes: Uint8Array, end: number): Uint8Array {
  // Not `slice`: that of a Buffer shares the memory.
  const header = new Uint8Array(HEADER_BYTES);
  for (let index = 0; index < HEADER_BYTES; index += 1) header[index] = bytes[index] ?? 0;
  header[2] = (end - HEADER_BYTES) >>> 8;
  header[3] = end - HEADER_BYTES;
  return header;
}
