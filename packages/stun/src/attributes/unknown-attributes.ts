import type { AttributeCodec } from './attribute-codec.ts';
import { ATTRIBUTE_TYPE } from './attribute-type.ts';

/** UNKNOWN-ATTRIBUTES: the types a 420 complains of (RFC 8489 §14.13). */
export const unknownAttributes: AttributeCodec<readonly number[]> = {
  type: ATTRIBUTE_TYPE.unknownAttributes,
  name: 'UNKNOWN-ATTRIBUTES',
  encode: (types) => {
    const value = new Uint8Array(types.length * 2);
    const view = new DataView(value.buffer);
    for (const [index, type] of types.entries()) view.setUint16(index * 2, type);
    return { type: ATTRIBUTE_TYPE.unknownAttributes, value };
  },
  parse: ({ value }) => {
    if (value.length % 2 !== 0) return { ok: false, reason: 'wrong-length' };
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    return {
      ok: true,
      value: Array.from({ length: value.length / 2 }, (_, index) => view.getUint16(index * 2)),
    };
  },
};
