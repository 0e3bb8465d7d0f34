import { ATTRIBUTE_TYPE } from '../attributes/attribute-type.ts';
import { computeFingerprint } from '../integrity/compute-fingerprint.ts';
import {
  computeIntegrity,
  INTEGRITY_BYTES,
  writeIntegritySha1,
  type IntegrityAlgorithm,
} from '../integrity/compute-integrity.ts';
import type { KeyLike } from '../integrity/integrity-key.ts';
import { encodeMessageType, MAX_METHOD } from './message-type.ts';
import type { EncodedAttribute, MessageClass } from './stun-message.ts';
import {
  ATTRIBUTE_HEADER_BYTES,
  HEADER_BYTES,
  MAGIC_COOKIE,
  MAX_BODY_BYTES,
  paddedLength,
  TRANSACTION_ID_BYTES,
} from './wire-format.ts';

/** How a message is signed. */
export interface MessageSignature {
  readonly algorithm: IntegrityAlgorithm;
  readonly key: KeyLike;
}

/** A message to be written. */
export interface MessageToEncode {
  readonly class: MessageClass;
  /** 0 to 0xFFF. */
  readonly method: number;
  /** 12 octets; a request's should come from a cryptographic source (RFC 8489 §5). */
  readonly transactionId: Uint8Array;
  /** Without MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256 and FINGERPRINT, which the fields below ask for. */
  readonly attributes: readonly EncodedAttribute[];
  /** One signature, or both: a short-term client that knows no better sends SHA-1 and SHA-256 (RFC 8489 §9.1.2). */
  readonly integrity?: MessageSignature | readonly MessageSignature[] | undefined;
  readonly fingerprint?: boolean | undefined;
}

const FINGERPRINT_BYTES = 4;
const NONE: readonly MessageSignature[] = [];

/**
 * Writes a message (RFC 8489 §5, §14); every padding octet is zero, so nothing of another client's traffic can leak in it.
 *
 * @throws RangeError when the caller breaks the format (transaction id, method, or more than 64 KiB): a bug, not an input.
 */
export function encodeMessage(message: MessageToEncode): Uint8Array {
  assertEncodable(message);
  const signatures = signaturesInOrder(message.integrity);
  const bytes = new Uint8Array(HEADER_BYTES + bodyLength(message, signatures));
  writeUint16(bytes, 0, encodeMessageType(message.class, message.method));
  writeUint16(bytes, 2, bytes.length - HEADER_BYTES);
  writeUint32(bytes, 4, MAGIC_COOKIE);
  bytes.set(message.transactionId, 8);

  let offset = HEADER_BYTES;
  for (const { type, value } of message.attributes) offset = append(bytes, offset, type, value);
  for (const { algorithm, key } of signatures) {
    if (algorithm === 'sha1') {
      writeHeader(bytes, offset, ATTRIBUTE_TYPE.messageIntegrity, INTEGRITY_BYTES.sha1);
      writeIntegritySha1(key, bytes, offset);
      offset += ATTRIBUTE_HEADER_BYTES + INTEGRITY_BYTES.sha1;
    } else {
      const hmac = computeIntegrity({ algorithm, key, bytes, offset });
      offset = append(bytes, offset, ATTRIBUTE_TYPE.messageIntegritySha256, hmac);
    }
  }
  if (message.fingerprint === true) {
    writeHeader(bytes, offset, ATTRIBUTE_TYPE.fingerprint, FINGERPRINT_BYTES);
    writeUint32(bytes, offset + ATTRIBUTE_HEADER_BYTES, computeFingerprint(bytes, offset));
  }
  return bytes;
}

/** Gives where the next attribute begins. */
function append(into: Uint8Array, offset: number, type: number, value: Uint8Array): number {
  writeHeader(into, offset, type, value.length);
  into.set(value, offset + ATTRIBUTE_HEADER_BYTES);
  return offset + ATTRIBUTE_HEADER_BYTES + paddedLength(value.length);
}

function writeHeader(into: Uint8Array, offset: number, type: number, length: number): void {
  writeUint16(into, offset, type);
  writeUint16(into, offset + 2, length);
}

function writeUint16(bytes: Uint8Array, offset: number, value: number): void {
  const into = bytes;
  into[offset] = value >>> 8;
  into[offset + 1] = value;
}

function writeUint32(bytes: Uint8Array, offset: number, value: number): void {
  writeUint16(bytes, offset, value >>> 16);
  writeUint16(bytes, offset + 2, value);
}

/** SHA-1 goes first: a reader ignores MESSAGE-INTEGRITY behind MESSAGE-INTEGRITY-SHA256 (RFC 8489 §14.6). */
function signaturesInOrder(integrity: MessageToEncode['integrity']): readonly MessageSignature[] {
  if (integrity === undefined) return NONE;
  if (!('algorithm' in integrity)) {
    return integrity.toSorted((a, b) => INTEGRITY_BYTES[a.algorithm] - INTEGRITY_BYTES[b.algorithm]);
  }
  return [integrity];
}

function bodyLength(message: MessageToEncode, signatures: readonly MessageSignature[]): number {
  let length = message.fingerprint === true ? ATTRIBUTE_HEADER_BYTES + FINGERPRINT_BYTES : 0;
  for (const { value } of message.attributes) length += ATTRIBUTE_HEADER_BYTES + paddedLength(value.length);
  for (const { algorithm } of signatures) length += ATTRIBUTE_HEADER_BYTES + INTEGRITY_BYTES[algorithm];
  if (length > MAX_BODY_BYTES) throw new RangeError(`a STUN message cannot hold ${length} octets`);
  return length;
}

function assertEncodable({ method, transactionId }: MessageToEncode): void {
  if (!Number.isInteger(method) || method < 0 || method > MAX_METHOD) {
    throw new RangeError(`no STUN method has the number ${method}`);
  }
  if (transactionId.length !== TRANSACTION_ID_BYTES) {
    throw new RangeError(`a transaction id has 12 octets, not ${transactionId.length}`);
  }
}
