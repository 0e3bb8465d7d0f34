import { isUtf8 } from 'node:buffer';
import type { AttributeCodec, MalformedReason, Parsed } from './attribute-codec.ts';

/** What a text attribute may hold. */
export interface TextLimits {
  readonly minBytes?: number;
  readonly maxBytes: number;
  /** In Unicode characters, where the RFC counts those too. */
  readonly maxCharacters?: number;
}

/** "Fewer than 128 characters", up to 763 octets on receipt: REALM, NONCE, SOFTWARE, reason phrases (RFC 8489 §14.8 to §14.14). */
export const QUOTED_TEXT_LIMITS: TextLimits = { maxBytes: 763, maxCharacters: 127 };

const MAX_SHORT_BYTES = 64;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** A codec for an attribute that holds nothing but UTF-8. */
export function createTextCodec(type: number, name: string, limits: TextLimits): AttributeCodec<string> {
  return {
    type,
    name,
    encode: (text) => ({ type, value: encodeText(name, text, limits) }),
    parse: (raw) => parseText(raw.value, limits),
  };
}

/** @throws RangeError when the text breaks the limits. */
export function encodeText(name: string, text: string, limits: TextLimits): Uint8Array {
  const value = encoder.encode(text);
  const broken = brokenLimit(value, text, limits);
  if (broken !== undefined) throw new RangeError(`${name} is ${broken}: ${value.length} octets`);
  return value;
}

export function parseText(value: Uint8Array, limits: TextLimits): Parsed<string> {
  if (value.length > limits.maxBytes) return { ok: false, reason: 'too-long' };
  const ascii = decodeShortAscii(value);
  if (ascii === undefined && !isUtf8(value)) return { ok: false, reason: 'not-utf8' };
  const text = ascii ?? decoder.decode(value);
  const broken = brokenLimit(value, text, limits);
  return broken === undefined ? { ok: true, value: text } : { ok: false, reason: broken };
}

/** What most names, realms and nonces are: a decoder takes ten times as long to begin. */
function decodeShortAscii(value: Uint8Array): string | undefined {
  if (value.length > MAX_SHORT_BYTES) return undefined;
  let text = '';
  for (let index = 0; index < value.length; index += 1) {
    const octet = value[index] ?? 0;
    if (octet >= 0x80) return undefined;
    text += String.fromCharCode(octet);
  }
  return text;
}

function brokenLimit(value: Uint8Array, text: string, limits: TextLimits): MalformedReason | undefined {
  if (value.length < (limits.minBytes ?? 0)) return 'empty';
  if (value.length > limits.maxBytes) return 'too-long';
  const { maxCharacters } = limits;
  // Counting characters walks the text; no text has more characters than octets.
  if (maxCharacters === undefined || value.length <= maxCharacters) return undefined;
  return Array.from(text).length > maxCharacters ? 'too-long' : undefined;
}
