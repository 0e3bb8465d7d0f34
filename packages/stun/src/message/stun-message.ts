/** What a message is for; two bits of its type (RFC 8489 §5). */
export type MessageClass = 'request' | 'indication' | 'success' | 'error';

/** One attribute as it stood on the wire. */
export interface RawAttribute {
  readonly type: number;
  /** A view into the message's octets, padding excluded; not a copy. */
  readonly value: Uint8Array;
  /** Where the attribute's header starts, counted from the first octet of the message. */
  readonly offset: number;
}

/** A message whose header and attribute framing have been checked. */
export interface StunMessage {
  readonly class: MessageClass;
  /** 0 to 0xFFF. */
  readonly method: number;
  /** 12 octets, a view into `bytes`. */
  readonly transactionId: Uint8Array;
  /** In wire order, without those that RFC 8489 §14.5 and §14.6 tell a reader to ignore. */
  readonly attributes: readonly RawAttribute[];
  /** The whole message; integrity is computed over these octets, padding as it was received. */
  readonly bytes: Uint8Array;
}

/** An attribute ready to be written: no header, no padding. */
export interface EncodedAttribute {
  readonly type: number;
  readonly value: Uint8Array;
}
