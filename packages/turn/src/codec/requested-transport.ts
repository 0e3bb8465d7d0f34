import type { AttributeCodec } from '@callbox/stun';
import { TURN_ATTRIBUTE_TYPE } from './turn-attribute-type.ts';

/** The protocol number of UDP, which is all that RFC 8656 relays. */
export const UDP_PROTOCOL = 17;

/** REQUESTED-TRANSPORT: a protocol number, then three unused octets (RFC 8656 §18.8). */
export const requestedTransport: AttributeCodec<number> = {
  type: TURN_ATTRIBUTE_TYPE.requestedTransport,
  name: 'REQUESTED-TRANSPORT',
  encode: (protocol) => ({
    type: TURN_ATTRIBUTE_TYPE.requestedTransport,
    value: Uint8Array.of(protocol, 0, 0, 0),
  }),
  parse: ({ value }) =>
    value.length === 4 ? { ok: true, value: value[0] ?? 0 } : { ok: false, reason: 'wrong-length' },
};
