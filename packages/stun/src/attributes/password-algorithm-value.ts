import { ATTRIBUTE_HEADER_BYTES, paddedLength } from '../message/wire-format.ts';
import type { Parsed } from './attribute-codec.ts';

/** How a long-term key is derived. */
export interface PasswordAlgorithm {
  readonly algorithm: number;
  /** Empty for both algorithms that are defined. */
  readonly parameters: Uint8Array;
}

/** Algorithm numbers of RFC 8489 §18.5. */
export const PASSWORD_ALGORITHM = {
  md5: 0x0001, // MD5
  sha256: 0x0002, // SHA-256
} as const;

/** Algorithm, length of the parameters, parameters, zero padding (RFC 8489 §14.11, §14.12). */
export function encodePasswordAlgorithms(list: readonly PasswordAlgorithm[]): Uint8Array {
  const bytes = list.reduce(
    (sum, { parameters }) => sum + ATTRIBUTE_HEADER_BYTES + paddedLength(parameters.length),
    0,
  );
  const value = new Uint8Array(bytes);
  const view = new DataView(value.buffer);
  let offset = 0;
  for (const { algorithm, parameters } of list) {
    view.setUint16(offset, algorithm);
    view.setUint16(offset + 2, parameters.length);
    value.set(parameters, offset + ATTRIBUTE_HEADER_BYTES);
    offset += ATTRIBUTE_HEADER_BYTES + paddedLength(parameters.length);
  }
  return value;
}

/** Reads entries to the end of the value; the last one may come without its padding, since the attribute has its own. */
export function parsePasswordAlgorithms(value: Uint8Array): Parsed<readonly PasswordAlgorithm[]> {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const list: PasswordAlgorithm[] = [];
  let offset = 0;
  while (offset < value.length) {
    const start = offset + ATTRIBUTE_HEADER_BYTES;
    if (start > value.length) return { ok: false, reason: 'wrong-length' };
    const parameterBytes = view.getUint16(offset + 2);
    if (start + parameterBytes > value.length) return { ok: false, reason: 'wrong-length' };
    list.push({
      algorithm: view.getUint16(offset),
      parameters: new Uint8Array(value.subarray(start, start + parameterBytes)),
    });
    offset = start + paddedLength(parameterBytes);
  }
  return { ok: true, value: list };
}
