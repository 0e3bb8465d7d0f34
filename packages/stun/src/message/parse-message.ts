import { ATTRIBUTE_TYPE } from '../attributes/attribute-type.ts';
import { computeFingerprint } from '../integrity/compute-fingerprint.ts';
import { classOfType, methodOfType } from './message-type.ts';
import type { RawAttribute, StunMessage } from './stun-message.ts';
import { ATTRIBUTE_HEADER_BYTES, HEADER_BYTES, MAGIC_COOKIE, paddedLength } from './wire-format.ts';

/** Why octets are not a STUN message; fit to name a counter. */
export type ParseFailure =
  | 'too-short'
  | 'not-stun'
  | 'wrong-cookie'
  | 'length-not-multiple-of-four'
  | 'length-mismatch'
  | 'attribute-overrun'
  | 'attribute-after-fingerprint'
  | 'fingerprint-mismatch';

export type ParseMessageResult =
  | { readonly ok: true; readonly message: StunMessage }
  | { readonly ok: false; readonly reason: ParseFailure };

type WalkResult =
  | { readonly ok: true; readonly attributes: readonly RawAttribute[] }
  | { readonly ok: false; readonly reason: ParseFailure };

/** One attribute as it stands in a message. Most are never looked at, so that the view of the value is made when it is. */
class WireAttribute implements RawAttribute {
  readonly type: number;
  readonly offset: number;
  readonly #bytes: Uint8Array;
  readonly #valueEnd: number;

  constructor(bytes: Uint8Array, type: number, offset: number, valueEnd: number) {
    this.type = type;
    this.offset = offset;
    this.#bytes = bytes;
    this.#valueEnd = valueEnd;
  }

  get value(): Uint8Array {
    return this.#bytes.subarray(this.offset + ATTRIBUTE_HEADER_BYTES, this.#valueEnd);
  }
}

/**
 * Reads one whole message (RFC 8489 §5, §6.3, §14). Never throws. Checks the header, the framing of the attributes and
 * FINGERPRINT where there is one; not integrity, which needs a key. The result holds views into `bytes`: copy first if
 * the buffer will be used again.
 *
 * @example
 * const parsed = parseMessage(datagram);
 * if (parsed.ok) console.log(parsed.message.class, parsed.message.method);
 */
export function parseMessage(bytes: Uint8Array): ParseMessageResult {
  if (bytes.length < HEADER_BYTES) return { ok: false, reason: 'too-short' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = view.getUint16(0);
  if (type > 0x3fff) return { ok: false, reason: 'not-stun' };
  if (view.getUint32(4) !== MAGIC_COOKIE) return { ok: false, reason: 'wrong-cookie' };
  const bodyLength = view.getUint16(2);
  if (bodyLength % 4 !== 0) return { ok: false, reason: 'length-not-multiple-of-four' };
  if (bytes.length !== HEADER_BYTES + bodyLength) return { ok: false, reason: 'length-mismatch' };

  const walked = walkAttributes(bytes, view);
  if (!walked.ok) return walked;
  return {
    ok: true,
    message: {
      class: classOfType(type),
      method: methodOfType(type),
      transactionId: bytes.subarray(8, HEADER_BYTES),
      attributes: walked.attributes,
      bytes,
    },
  };
}

function walkAttributes(bytes: Uint8Array, view: DataView): WalkResult {
  const attributes: RawAttribute[] = [];
  let integritySeen: number | undefined;
  let offset = HEADER_BYTES;
  while (offset < bytes.length) {
    // The length field is a multiple of four, so a whole attribute header is there whenever anything is.
    const type = view.getUint16(offset);
    const valueStart = offset + ATTRIBUTE_HEADER_BYTES;
    const valueEnd = valueStart + view.getUint16(offset + 2);
    if (valueEnd > bytes.length) return { ok: false, reason: 'attribute-overrun' };
    const next = valueStart + paddedLength(valueEnd - valueStart);

    if (type === ATTRIBUTE_TYPE.fingerprint) {
      // It guards everything before it, so nothing may follow (RFC 8489 §14.7).
      if (next !== bytes.length) return { ok: false, reason: 'attribute-after-fingerprint' };
      if (valueEnd - valueStart !== 4 || view.getUint32(valueStart) !== computeFingerprint(bytes, offset)) {
        return { ok: false, reason: 'fingerprint-mismatch' };
      }
    }
    if (countsAfterIntegrity(type, integritySeen)) {
      attributes.push(new WireAttribute(bytes, type, offset, valueEnd));
      if (isIntegrity(type)) integritySeen = type;
    }
    offset = next;
  }
  return { ok: true, attributes };
}

function isIntegrity(type: number): boolean {
  return type === ATTRIBUTE_TYPE.messageIntegrity || type === ATTRIBUTE_TYPE.messageIntegritySha256;
}

/** What follows an integrity attribute is not covered by it and is ignored, but for a stronger guard (RFC 8489 §14.5, §14.6). */
function countsAfterIntegrity(type: number, integritySeen: number | undefined): boolean {
  if (integritySeen === undefined || type === ATTRIBUTE_TYPE.fingerprint) return true;
  return integritySeen === ATTRIBUTE_TYPE.messageIntegrity && type === ATTRIBUTE_TYPE.messageIntegritySha256;
}
