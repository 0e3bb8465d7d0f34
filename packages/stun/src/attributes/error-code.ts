import type { AttributeCodec } from './attribute-codec.ts';
import { ATTRIBUTE_TYPE } from './attribute-type.ts';
import { encodeText, parseText, QUOTED_TEXT_LIMITS } from './text-codec.ts';

export interface ErrorCode {
  /** 300 to 699. */
  readonly code: number;
  /** For people; may be empty. */
  readonly reason: string;
}

const NAME = 'ERROR-CODE';
const PREFIX_BYTES = 4;

/** ERROR-CODE: the hundreds in three bits, the rest in an octet, then a phrase (RFC 8489 §14.8). */
export const errorCode: AttributeCodec<ErrorCode> = {
  type: ATTRIBUTE_TYPE.errorCode,
  name: NAME,
  encode: ({ code, reason }) => {
    if (!Number.isInteger(code) || code < 300 || code > 699)
      throw new RangeError(`no error has the code ${code}`);
    const phrase = encodeText(NAME, reason, QUOTED_TEXT_LIMITS);
    const value = new Uint8Array(PREFIX_BYTES + phrase.length);
    value[2] = Math.floor(code / 100);
    value[3] = code % 100;
    value.set(phrase, PREFIX_BYTES);
    return { type: ATTRIBUTE_TYPE.errorCode, value };
  },
  parse: ({ value }) => {
    if (value.length < PREFIX_BYTES) return { ok: false, reason: 'wrong-length' };
    // The bits above the class are reserved and ignored.
    const hundreds = (value[2] ?? 0) & 0x07;
    const rest = value[3] ?? 0;
    if (hundreds < 3 || hundreds > 6 || rest > 99) return { ok: false, reason: 'out-of-range' };
    const phrase = parseText(value.subarray(PREFIX_BYTES), QUOTED_TEXT_LIMITS);
    return phrase.ok ? { ok: true, value: { code: hundreds * 100 + rest, reason: phrase.value } } : phrase;
  },
};
