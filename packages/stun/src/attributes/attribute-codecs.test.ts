import { describe, expect, test } from 'vitest';
import {
  alternateDomain,
  alternateServer,
  createXorAddressCodec,
  errorCode,
  fingerprint,
  mappedAddress,
  messageIntegrity,
  messageIntegritySha256,
  nonce,
  passwordAlgorithm,
  passwordAlgorithms,
  realm,
  software,
  unknownAttributes,
  userhash,
  username,
  xorMappedAddress,
  type AttributeCodec,
  type MalformedReason,
  type Parsed,
  type TransportAddress,
} from '../index.ts';
import { fromHex, toHex } from '../testing/hex.ts';

const transactionId = fromHex('000102030405060708090a0b');
const IPV4: TransportAddress = { family: 4, address: fromHex('c0000201'), port: 32853 };
const IPV6: TransportAddress = {
  family: 6,
  address: fromHex('20010db8123456780011223344556677'),
  port: 32853,
};

interface Outcome {
  readonly encoded: string;
  readonly parsed: Parsed<unknown>;
}

/** A title, what the codec makes of the value, and what it should make of it. */
function roundTrip<T>(
  codec: AttributeCodec<T>,
  value: T,
  hex: string,
): readonly [string, () => Outcome, Outcome] {
  const run = (): Outcome => {
    const encoded = codec.encode(value, transactionId);
    const raw = { ...encoded, offset: 20 };
    return { encoded: toHex(encoded.value), parsed: codec.parse(raw, transactionId) };
  };
  return [`${codec.name} ${hex}`, run, { encoded: hex, parsed: { ok: true, value } }];
}

function refusal<T>(
  codec: AttributeCodec<T>,
  hex: string,
  reason: MalformedReason,
): readonly [string, () => Parsed<unknown>, Parsed<unknown>] {
  const raw = { type: codec.type, value: fromHex(hex), offset: 20 };
  return [
    `${codec.name} of ${hex.length / 2} octets: ${reason}`,
    () => codec.parse(raw, transactionId),
    { ok: false, reason },
  ];
}

function ascii(length: number): string {
  return '61'.repeat(length);
}

describe('values survive the way to the wire and back', () => {
  test.each([
    roundTrip(mappedAddress, IPV4, '00018055c0000201'),
    roundTrip(mappedAddress, IPV6, '0002805520010db8123456780011223344556677'),
    roundTrip(alternateServer, IPV4, '00018055c0000201'),
    roundTrip(alternateServer, IPV6, '0002805520010db8123456780011223344556677'),
    roundTrip(xorMappedAddress, IPV4, '0001a147e112a643'),
    roundTrip(xorMappedAddress, IPV6, '0002a1470113a9fa1235547b041424344c5c6c7c'),
    roundTrip(createXorAddressCodec(0x0012, 'XOR-PEER-ADDRESS'), IPV4, '0001a147e112a643'),
    roundTrip(username, 'joé', '6a6fc3a9'),
    roundTrip(username, '', ''),
    roundTrip(username, 'a'.repeat(508), ascii(508)),
    roundTrip(realm, 'example.org', '6578616d706c652e6f7267'),
    roundTrip(realm, '室'.repeat(127), 'e5aea4'.repeat(127)),
    roundTrip(nonce, 'f//4', '662f2f34'),
    roundTrip(software, '\uFEFFx', 'efbbbf78'),
    roundTrip(alternateDomain, 'a'.repeat(255), ascii(255)),
    roundTrip(errorCode, { code: 300, reason: '' }, '00000300'),
    roundTrip(errorCode, { code: 438, reason: 'Stale' }, '000004265374616c65'),
    roundTrip(errorCode, { code: 699, reason: '' }, '00000663'),
    roundTrip(unknownAttributes, [], ''),
    roundTrip(unknownAttributes, [0x0026, 0x7fff, 1], '00267fff0001'),
    roundTrip(userhash, fromHex('ab'.repeat(32)), 'ab'.repeat(32)),
    roundTrip(messageIntegrity, fromHex('ab'.repeat(20)), 'ab'.repeat(20)),
    roundTrip(messageIntegritySha256, fromHex('ab'.repeat(16)), 'ab'.repeat(16)),
    roundTrip(fingerprint, 0xfedcba98, 'fedcba98'),
    roundTrip(passwordAlgorithm, { algorithm: 2, parameters: fromHex('') }, '00020000'),
    roundTrip(
      passwordAlgorithm,
      { algorithm: 9, parameters: fromHex('0102030405') },
      '000900050102030405000000',
    ),
    roundTrip(passwordAlgorithms, [], ''),
    roundTrip(
      passwordAlgorithms,
      [
        { algorithm: 9, parameters: fromHex('01') },
        { algorithm: 1, parameters: fromHex('') },
      ],
      '000900010100000000010000',
    ),
  ])('%s', (_, run, outcome) => {
    expect(run()).toEqual(outcome);
  });
});

describe('malformed values become reasons', () => {
  test.each([
    refusal(mappedAddress, '', 'wrong-length'),
    refusal(mappedAddress, '000180', 'wrong-length'),
    refusal(mappedAddress, '00018055c00002', 'wrong-length'),
    refusal(mappedAddress, '00018055c000020100', 'wrong-length'),
    refusal(mappedAddress, '00028055c0000201', 'wrong-length'),
    refusal(mappedAddress, '00038055c0000201', 'unknown-family'),
    refusal(xorMappedAddress, '00008055c0000201', 'unknown-family'),
    refusal(username, ascii(509), 'too-long'),
    refusal(username, 'c328', 'not-utf8'),
    refusal(username, 'eda080', 'not-utf8'),
    refusal(realm, '', 'empty'),
    refusal(realm, ascii(128), 'too-long'),
    refusal(nonce, '', 'empty'),
    refusal(nonce, ascii(764), 'too-long'),
    refusal(software, 'ff', 'not-utf8'),
    refusal(alternateDomain, ascii(256), 'too-long'),
    refusal(errorCode, '000004', 'wrong-length'),
    refusal(errorCode, '00000264', 'out-of-range'),
    refusal(errorCode, '00000700', 'out-of-range'),
    refusal(errorCode, '00000464', 'out-of-range'),
    refusal(errorCode, '00000401ff', 'not-utf8'),
    refusal(unknownAttributes, '002600', 'wrong-length'),
    refusal(userhash, 'ab'.repeat(31), 'wrong-length'),
    refusal(messageIntegrity, 'ab'.repeat(21), 'wrong-length'),
    refusal(messageIntegritySha256, 'ab'.repeat(12), 'wrong-length'),
    refusal(messageIntegritySha256, 'ab'.repeat(18), 'wrong-length'),
    refusal(fingerprint, 'ab', 'wrong-length'),
    refusal(passwordAlgorithm, '', 'wrong-length'),
    refusal(passwordAlgorithm, '000100', 'wrong-length'),
    refusal(passwordAlgorithm, '00010001', 'wrong-length'),
    refusal(passwordAlgorithm, '0001000000020000', 'wrong-length'),
    refusal(passwordAlgorithms, '0001000000', 'wrong-length'),
  ])('%s', (_, run, outcome) => {
    expect(run()).toEqual(outcome);
  });

  test('the reserved bits of ERROR-CODE and the first octet of an address do not matter', () => {
    expect(errorCode.parse({ type: 9, value: fromHex('fffffc01'), offset: 0 }, transactionId)).toEqual({
      ok: true,
      value: { code: 401, reason: '' },
    });
    expect(
      mappedAddress.parse({ type: 1, value: fromHex('ff018055c0000201'), offset: 0 }, transactionId),
    ).toEqual({ ok: true, value: IPV4 });
  });
});

describe('a caller who breaks the format hears of it', () => {
  test.each<readonly [string, () => unknown]>([
    ['an IPv4 address of 16 octets', () => mappedAddress.encode({ ...IPV6, family: 4 }, transactionId)],
    ['an IPv6 address of 4 octets', () => xorMappedAddress.encode({ ...IPV4, family: 6 }, transactionId)],
    ['port 65536', () => mappedAddress.encode({ ...IPV4, port: 65536 }, transactionId)],
    ['a user name of 509 octets', () => username.encode('a'.repeat(509), transactionId)],
    ['a realm of 128 characters', () => realm.encode('a'.repeat(128), transactionId)],
    ['an empty nonce', () => nonce.encode('', transactionId)],
    ['error 700', () => errorCode.encode({ code: 700, reason: '' }, transactionId)],
    ['error 299', () => errorCode.encode({ code: 299, reason: '' }, transactionId)],
    ['a user hash of 20 octets', () => userhash.encode(new Uint8Array(20), transactionId)],
  ])('%s', (_, encode) => {
    expect(encode).toThrow(RangeError);
  });
});
