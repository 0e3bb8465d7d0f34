import type { AttributeCodec } from '@callbox/stun';
import { describe, expect, test } from 'vitest';
import { at } from '../testing/addresses.ts';
import { additionalAddressFamily } from './additional-address-family.ts';
import { addressErrorCode } from './address-error-code.ts';
import { channelNumber } from './channel-number.ts';
import { data } from './data.ts';
import { dontFragment } from './dont-fragment.ts';
import { evenPort } from './even-port.ts';
import { lifetime } from './lifetime.ts';
import { requestedAddressFamily } from './requested-address-family.ts';
import { requestedTransport } from './requested-transport.ts';
import { reservationToken } from './reservation-token.ts';
import { TURN_ATTRIBUTE_TYPE } from './turn-attribute-type.ts';
import { xorPeerAddress } from './xor-peer-address.ts';
import { xorRelayedAddress } from './xor-relayed-address.ts';

const transactionId = Uint8Array.from({ length: 12 }, (_, index) => index + 1);

interface Sample {
  readonly name: string;
  readonly type: number;
  readonly hex: string;
  readonly encode: () => Uint8Array;
  readonly parse: (value: Uint8Array) => unknown;
  readonly value: unknown;
}

function sample<T>(codec: AttributeCodec<T>, value: T, hex: string): Sample {
  return {
    name: codec.name,
    type: codec.type,
    hex,
    encode: () => codec.encode(value, transactionId).value,
    parse: (octets) => codec.parse({ type: codec.type, value: octets, offset: 20 }, transactionId),
    value,
  };
}

const octets = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

const SAMPLES: readonly Sample[] = [
  sample(channelNumber, 0x4001, '40010000'),
  sample(lifetime, 600, '00000258'),
  sample(lifetime, 2 ** 32 - 1, 'ffffffff'),
  sample(requestedTransport, 17, '11000000'),
  sample(requestedAddressFamily, 4, '01000000'),
  sample(requestedAddressFamily, 6, '02000000'),
  sample(additionalAddressFamily, 6, '02000000'),
  sample(evenPort, { reserveNext: false }, '00'),
  sample(evenPort, { reserveNext: true }, '80'),
  sample(dontFragment, new Uint8Array(), ''),
  sample(reservationToken, octets('0102030405060708'), '0102030405060708'),
  sample(data, octets('c0ffee'), 'c0ffee'),
  sample(data, new Uint8Array(), ''),
  sample(addressErrorCode, { family: 6, code: 440 }, '02000428'),
  sample(xorPeerAddress, at('192.0.2.1', 0x1234), '00013326e112a643'),
  sample(xorRelayedAddress, at('2001:db8::1', 0x1234), '000233260113a9fa0102030405060708090a0b0d'),
];

describe.each(SAMPLES)('$name as $hex', ({ encode, parse, value, hex }) => {
  test('is written so', () => {
    expect(Buffer.from(encode()).toString('hex')).toBe(hex);
  });

  test('is read so', () => {
    expect(parse(octets(hex))).toEqual({ ok: true, value });
  });
});

test.each([
  ['CHANNEL-NUMBER', channelNumber, '4001'],
  ['LIFETIME', lifetime, '0000025800'],
  ['REQUESTED-TRANSPORT', requestedTransport, '11'],
  ['REQUESTED-ADDRESS-FAMILY', requestedAddressFamily, '01'],
  ['EVEN-PORT', evenPort, '0000'],
  ['DONT-FRAGMENT', dontFragment, '00'],
  ['RESERVATION-TOKEN', reservationToken, '01'],
  ['ADDRESS-ERROR-CODE', addressErrorCode, '0200'],
  ['XOR-PEER-ADDRESS', xorPeerAddress, '0001'],
])('%s of a wrong length is malformed', (_name, codec, hex) => {
  const parsed = codec.parse({ type: codec.type, value: octets(hex), offset: 20 }, transactionId);
  expect(parsed).toEqual({ ok: false, reason: 'wrong-length' });
});

test('a family nobody knows is read as such', () => {
  const raw = { type: requestedAddressFamily.type, value: octets('07000000'), offset: 20 };
  expect(requestedAddressFamily.parse(raw, transactionId)).toEqual({ ok: true, value: 'unknown' });
});

test('unused octets may hold anything', () => {
  const raw = { type: channelNumber.type, value: octets('4001ffff'), offset: 20 };
  expect(channelNumber.parse(raw, transactionId)).toEqual({ ok: true, value: 0x4001 });
});

test('types are those of the registry', () => {
  expect(TURN_ATTRIBUTE_TYPE).toEqual({
    channelNumber: 0x000c,
    lifetime: 0x000d,
    xorPeerAddress: 0x0012,
    data: 0x0013,
    xorRelayedAddress: 0x0016,
    requestedAddressFamily: 0x0017,
    evenPort: 0x0018,
    requestedTransport: 0x0019,
    dontFragment: 0x001a,
    reservationToken: 0x0022,
    additionalAddressFamily: 0x8000,
    addressErrorCode: 0x8001,
  });
});
