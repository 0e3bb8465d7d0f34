import type { AttributeCodec } from '@callbox/stun';
import { TURN_ATTRIBUTE_TYPE } from './turn-attribute-type.ts';

const RESERVE_NEXT = 0x80;

/** EVEN-PORT: asks for an even port and, with its one bit, for the next port to be kept too (RFC 8656 §18.7). */
export const evenPort: AttributeCodec<{ readonly reserveNext: boolean }> = {
  type: TURN_ATTRIBUTE_TYPE.evenPort,
  name: 'EVEN-PORT',
  encode: ({ reserveNext }) => ({
    type: TURN_ATTRIBUTE_TYPE.evenPort,
    value: Uint8Array.of(reserveNext ? RESERVE_NEXT : 0),
  }),
  parse: ({ value }) =>
    value.length === 1
      ? { ok: true, value: { reserveNext: ((value[0] ?? 0) & RESERVE_NEXT) !== 0 } }
      : { ok: false, reason: 'wrong-length' },
};
