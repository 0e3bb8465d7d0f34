/** Non-ASCII spaces, which become U+0020 in both profiles (RFC 4013 §2.1, RFC 8265 §4.2.2). */
const NON_ASCII_SPACE = /[\u00A0\u1680\u2000-\u200B\u202F\u205F\u3000]/gu;

/** "Commonly mapped to nothing" (RFC 3454 table B.1): soft hyphen, joiners, variation selectors, byte order mark. */
const MAPPED_TO_NOTHING =
  /\u00AD|\u034F|\u1806|\u180B|\u180C|\u180D|\u200C|\u200D|\u2060|[\u{FE00}-\u{FE0F}]|\uFEFF/gu;

/**
 * Brings a password or realm into the form that is hashed.
 *
 * RFC 8489 names OpaqueString (RFC 8265: spaces mapped, NFC), RFC 5389 named SASLprep (RFC 4013: besides, some characters
 * removed, NFKC). The vectors of both, RFC 5769 §2.4 and RFC 8489 §B.1, want SASLprep's result, so that is what this does.
 * Nothing is refused: prohibited characters pass through, and the two ends simply agree or do not.
 */
export function prepareOpaqueString(text: string): string {
  return text.replaceAll(NON_ASCII_SPACE, ' ').replaceAll(MAPPED_TO_NOTHING, '').normalize('NFKC');
}
