import type { EncodedAttribute, RawAttribute, StunMessage } from '../message/stun-message.ts';

/** What is wrong with an attribute's value. */
export type MalformedReason =
  'wrong-length' | 'unknown-family' | 'not-utf8' | 'too-long' | 'empty' | 'out-of-range';

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: MalformedReason };

/** Turns one kind of attribute into a value and back. Codecs have no state; foreign bytes never make `parse` throw. */
export interface AttributeCodec<T> {
  readonly type: number;
  /** The RFC's spelling, such as `XOR-MAPPED-ADDRESS`. */
  readonly name: string;
  /** @throws RangeError when the value cannot be put on the wire: a bug of the caller. */
  encode(value: T, transactionId: Uint8Array): EncodedAttribute;
  parse(raw: RawAttribute, transactionId: Uint8Array): Parsed<T>;
}

export type AttributeReading<T> =
  | { readonly kind: 'absent' }
  | { readonly kind: 'malformed'; readonly reason: MalformedReason }
  | { readonly kind: 'present'; readonly value: T };

const ABSENT = { kind: 'absent' } as const;

/** Reads the first attribute of the codec's type: later ones of the same type do not count (RFC 8489 §14). */
export function readAttribute<T>(message: StunMessage, codec: AttributeCodec<T>): AttributeReading<T> {
  const raw = message.attributes.find(({ type }) => type === codec.type);
  if (raw === undefined) return ABSENT;
  const parsed = codec.parse(raw, message.transactionId);
  return parsed.ok ? { kind: 'present', value: parsed.value } : { kind: 'malformed', reason: parsed.reason };
}

/** Reads every attribute of the codec's type, for the few that may repeat; one malformed makes the whole malformed. */
export function readAllAttributes<T>(
  message: StunMessage,
  codec: AttributeCodec<T>,
): AttributeReading<readonly T[]> {
  const values: T[] = [];
  for (const raw of message.attributes) {
    if (raw.type !== codec.type) continue;
    const parsed = codec.parse(raw, message.transactionId);
    if (!parsed.ok) return { kind: 'malformed', reason: parsed.reason };
    values.push(parsed.value);
  }
  return values.length === 0 ? ABSENT : { kind: 'present', value: values };
}
