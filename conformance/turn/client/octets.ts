/** The octets of a text. */
export function octets(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The text of octets. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** `length` octets that are not all the same. */
export function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + length) & 0xff);
}
