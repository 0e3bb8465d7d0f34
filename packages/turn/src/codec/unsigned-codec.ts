import type { AttributeCodec } from '@callbox/stun';

/** A codec for a whole number of 16 or 32 bits that some zero octets may follow; those are ignored on receipt. */
export function createUnsignedCodec(
  type: number,
  name: string,
  layout: { readonly bits: 16 | 32; readonly valueBytes: number },
): AttributeCodec<number> {
  const limit = 2 ** layout.bits;
  return {
    type,
    name,
    encode: (number) => {
      if (!Number.isInteger(number) || number < 0 || number >= limit) {
        throw new RangeError(`${name} cannot be ${number}`);
      }
      const value = new Uint8Array(layout.valueBytes);
      const view = new DataView(value.buffer);
      if (layout.bits === 16) view.setUint16(0, number);
      else view.setUint32(0, number);
      return { type, value };
    },
    parse: ({ value }) => {
      if (value.length !== layout.valueBytes) return { ok: false, reason: 'wrong-length' };
      const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
      return { ok: true, value: layout.bits === 16 ? view.getUint16(0) : view.getUint32(0) };
    },
  };
}
