/** Octets before the first attribute (RFC 8489 §5). */
export const HEADER_BYTES = 20;

/** The fixed third word of the header (RFC 8489 §5). */
export const MAGIC_COOKIE = 0x2112a442;

/** Octets of a transaction id (RFC 8489 §5). */
export const TRANSACTION_ID_BYTES = 12;

/** Type and length, in front of each attribute's value (RFC 8489 §14). */
export const ATTRIBUTE_HEADER_BYTES = 4;

/** The length field counts octets after the header and has 16 bits; a multiple of four, it cannot be above this. */
export const MAX_BODY_BYTES = 0xfffc;

/** Attributes start on 32-bit boundaries (RFC 8489 §14). */
export function paddedLength(bytes: number): number {
  return (bytes + 3) & ~3;
}
