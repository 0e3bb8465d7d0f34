import {
  createOctetsCodec,
  createXorAddressCodec,
  type AttributeCodec,
  type EncodedAttribute,
} from '@callbox/stun';

/** TURN on the wire, written down here a second time so that the suite does not take it from the server that it judges. */

/** Methods, RFC 8656 §17. */
export const METHOD = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
  channelBind: 0x009,
  connect: 0x00a, // RFC 6062
} as const;

/** Protocol numbers of REQUESTED-TRANSPORT. */
export const PROTOCOL = { tcp: 6, udp: 17 } as const;

/** Families of REQUESTED-ADDRESS-FAMILY. */
export const FAMILY = { ipv4: 1, ipv6: 2 } as const;

const OCTETS = { minBytes: 0, maxBytes: 0xffff, step: 1 };

/** Attributes, RFC 8656 §18. */
export const xorPeerAddress = createXorAddressCodec(0x0012, 'XOR-PEER-ADDRESS');
export const xorRelayedAddress = createXorAddressCodec(0x0016, 'XOR-RELAYED-ADDRESS');
export const data = createOctetsCodec(0x0013, 'DATA', OCTETS);
export const reservationToken = createOctetsCodec(0x0022, 'RESERVATION-TOKEN', {
  minBytes: 8,
  maxBytes: 8,
  step: 1,
});
export const lifetime: AttributeCodec<number> = {
  type: 0x000d,
  name: 'LIFETIME',
  encode: (seconds) => {
    const value = new Uint8Array(4);
    new DataView(value.buffer).setUint32(0, seconds);
    return { type: 0x000d, value };
  },
  parse: ({ value }) => {
    if (value.length !== 4) return { ok: false, reason: 'wrong-length' };
    return { ok: true, value: new DataView(value.buffer, value.byteOffset, 4).getUint32(0) };
  },
};

/** DONT-FRAGMENT, no value (RFC 8656 §18.9). */
export const DONT_FRAGMENT_TYPE = 0x001a;

/** An attribute that still needs the transaction id of its message. */
export type AttributeToSend = (transactionId: Uint8Array) => EncodedAttribute;

export function attribute<T>(codec: AttributeCodec<T>, value: T): AttributeToSend {
  return (transactionId) => codec.encode(value, transactionId);
}

export function rawAttribute(type: number, value: Uint8Array): AttributeToSend {
  return () => ({ type, value });
}

/** ADDRESS-ERROR-CODE: why a family that was asked for besides was not given (RFC 8656 §18.12). Read, never written. */
export const addressErrorCode: AttributeCodec<{ readonly family: number; readonly code: number }> = {
  type: 0x8001,
  name: 'ADDRESS-ERROR-CODE',
  encode: () => {
    throw new RangeError('clients do not send ADDRESS-ERROR-CODE');
  },
  parse: ({ value }) => {
    const [family, , hundreds, rest] = value;
    if (family === undefined || hundreds === undefined || rest === undefined) {
      return { ok: false, reason: 'wrong-length' };
    }
    return { ok: true, value: { family, code: (hundreds & 7) * 100 + rest } };
  },
};

/** CHANNEL-NUMBER: the number, then two octets of zeros (RFC 8656 §18.1). */
export function channelNumber(channel: number): AttributeToSend {
  return rawAttribute(0x000c, Uint8Array.of(channel >> 8, channel & 0xff, 0, 0));
}

/** REQUESTED-TRANSPORT: the protocol, then three octets of zeros (RFC 8656 §18.8). */
export function requestedTransport(protocol: number): AttributeToSend {
  return rawAttribute(0x0019, Uint8Array.of(protocol, 0, 0, 0));
}

/** REQUESTED-ADDRESS-FAMILY: the family, then three octets of zeros (RFC 8656 §18.6). */
export function requestedAddressFamily(family: number): AttributeToSend {
  return rawAttribute(0x0017, Uint8Array.of(family, 0, 0, 0));
}

/** ADDITIONAL-ADDRESS-FAMILY: the family, then three octets of zeros (RFC 8656 §18.11). */
export function additionalAddressFamily(family: number): AttributeToSend {
  return rawAttribute(0x8000, Uint8Array.of(family, 0, 0, 0));
}

/** EVEN-PORT with or without its "reserve the next one" bit; one octet (RFC 8656 §18.7). */
export function evenPort(reserveNext: boolean): AttributeToSend {
  return rawAttribute(0x0018, Uint8Array.of(reserveNext ? 0x80 : 0));
}
