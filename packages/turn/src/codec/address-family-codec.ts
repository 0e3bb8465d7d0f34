import type { AttributeCodec, IpAddress } from '@callbox/stun';

/** What a client asks for: a family we know, or a number we do not. */
export type RequestedFamily = IpAddress['family'] | 'unknown';

const FAMILY_CODE = { 4: 0x01, 6: 0x02 } as const;

/** A codec for an address family and three octets of zeros (RFC 8656 §18.6, §18.11). */
export function createAddressFamilyCodec(type: number, name: string): AttributeCodec<RequestedFamily> {
  return {
    type,
    name,
    encode: (family) => {
      if (family === 'unknown') throw new RangeError(`${name} needs a family`);
      return { type, value: Uint8Array.of(FAMILY_CODE[family], 0, 0, 0) };
    },
    parse: ({ value }) => {
      if (value.length !== 4) return { ok: false, reason: 'wrong-length' };
      return { ok: true, value: familyOfCode(value[0] ?? 0) };
    },
  };
}

/** The wire's number of a family. */
export function codeOfFamily(family: IpAddress['family']): number {
  return FAMILY_CODE[family];
}

/** The family of the wire's number. */
export function familyOfCode(code: number): RequestedFamily {
  if (code === FAMILY_CODE[4]) return 4;
  return code === FAMILY_CODE[6] ? 6 : 'unknown';
}
