import type { AttributeCodec } from './attribute-codec.ts';

/** Which numbers of octets are right. */
export interface OctetsLimits {
  readonly minBytes: number;
  readonly maxBytes: number;
  /** The length is a multiple of this. */
  readonly step: number;
}

/** A codec for an attribute that holds opaque octets. `parse` gives a view, not a copy. */
export function createOctetsCodec(
  type: number,
  name: string,
  limits: OctetsLimits,
): AttributeCodec<Uint8Array> {
  const fits = ({ length }: Uint8Array): boolean =>
    length >= limits.minBytes && length <= limits.maxBytes && length % limits.step === 0;
  return {
    type,
    name,
    encode: (value) => {
      if (!fits(value)) throw new RangeError(`${name} cannot have ${value.length} octets`);
      return { type, value };
    },
    parse: ({ value }) => (fits(value) ? { ok: true, value } : { ok: false, reason: 'wrong-length' }),
  };
}
