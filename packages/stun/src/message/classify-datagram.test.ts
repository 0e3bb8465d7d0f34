import { describe, expect, test } from 'vitest';
import { fromHex } from '../testing/hex.ts';
import { ALL_VECTORS } from '../testing/published-vectors.ts';
import { classifyDatagram, isStunMessage } from './classify-datagram.ts';

describe('classifyDatagram', () => {
  test.each([
    [0x00, 'stun'],
    [0x3f, 'stun'],
    [0x40, 'channel-data'],
    [0x4f, 'channel-data'],
    [0x7f, 'channel-data'],
    [0x80, 'other'],
    [0xff, 'other'],
  ] as const)('a first octet of %i means %s', (firstByte, kind) => {
    expect(classifyDatagram(firstByte)).toBe(kind);
  });
});

describe('isStunMessage', () => {
  test('knows every published message', () => {
    expect(ALL_VECTORS.every((bytes) => isStunMessage(bytes))).toBe(true);
  });

  test.each([
    ['nothing', ''],
    ['a short header', '0001 0000 2112a442 0001020304050607080900'],
    ['another top bit', '8001 0000 2112a442 000102030405060708090a0b'],
    ['another cookie', '0001 0000 2112a441 000102030405060708090a0b'],
    ['a length that is no multiple of four', '0001 0002 2112a442 000102030405060708090a0b 0000'],
    ['a length that is not that of the octets', '0001 0004 2112a442 000102030405060708090a0b'],
  ])('refuses %s', (_, hex) => {
    expect(isStunMessage(fromHex(hex))).toBe(false);
  });
});
