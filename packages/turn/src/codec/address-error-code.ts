import type { AttributeCodec, IpAddress } from '@callbox/stun';
import { codeOfFamily, familyOfCode } from './address-family-codec.ts';
import { TURN_ATTRIBUTE_TYPE } from './turn-attribute-type.ts';

/** Why one of two families was not given. */
export interface AddressErrorCode {
  readonly family: IpAddress['family'];
  readonly code: number;
}

const PREFIX_BYTES = 4;

/** ADDRESS-ERROR-CODE: an error for one family in a reply that is a success for the other (RFC 8656 §18.12). */
export const addressErrorCode: AttributeCodec<AddressErrorCode> = {
  type: TURN_ATTRIBUTE_TYPE.addressErrorCode,
  name: 'ADDRESS-ERROR-CODE',
  encode: ({ family, code }) => ({
    type: TURN_ATTRIBUTE_TYPE.addressErrorCode,
    value: Uint8Array.of(codeOfFamily(family), 0, Math.floor(code / 100), code % 100),
  }),
  parse: ({ value }) => {
    if (value.length < PREFIX_BYTES) return { ok: false, reason: 'wrong-length' };
    const family = familyOfCode(value[0] ?? 0);
    if (family === 'unknown') return { ok: false, reason: 'unknown-family' };
    return { ok: true, value: { family, code: ((value[2] ?? 0) & 0x07) * 100 + (value[3] ?? 0) } };
  },
};
