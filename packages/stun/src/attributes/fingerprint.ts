import type { AttributeCodec } from './attribute-codec.ts';
import { ATTRIBUTE_TYPE } from './attribute-type.ts';

/** FINGERPRINT: a CRC-32, checked by `parseMessage` and written by `encodeMessage` (RFC 8489 §14.7). */
export const fingerprint: AttributeCodec<number> = {
  type: ATTRIBUTE_TYPE.fingerprint,
  name: 'FINGERPRINT',
  encode: (crc) => {
    const value = new Uint8Array(4);
    new DataView(value.buffer).setUint32(0, crc);
    return { type: ATTRIBUTE_TYPE.fingerprint, value };
  },
  parse: ({ value }) => {
    if (value.length !== 4) return { ok: false, reason: 'wrong-length' };
    return { ok: true, value: new DataView(value.buffer, value.byteOffset, 4).getUint32(0) };
  },
};
