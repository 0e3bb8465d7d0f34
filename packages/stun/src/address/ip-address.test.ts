import { isIP } from 'node:net';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../testing/hex.ts';
import { createSeededRandom, fuzzSeed } from '../testing/seeded-random.ts';
import { formatIpAddress } from './format-ip-address.ts';
import { parseIpAddress } from './parse-ip-address.ts';
import { formatTransportAddress } from './transport-address.ts';

const FUZZ_SEED = fuzzSeed(process.env['FUZZ_SEED']);

describe('parseIpAddress', () => {
  test.each([
    ['192.0.2.1', 4, 'c0000201'],
    ['0.0.0.0', 4, '00000000'],
    ['255.255.255.255', 4, 'ffffffff'],
    ['::', 6, '00000000000000000000000000000000'],
    ['::1', 6, '00000000000000000000000000000001'],
    ['1::', 6, '00010000000000000000000000000000'],
    ['2001:DB8::1', 6, '20010db8000000000000000000000001'],
    ['1:2:3:4:5:6:7:8', 6, '00010002000300040005000600070008'],
    ['1:2:3:4:5:6:7::', 6, '00010002000300040005000600070000'],
    ['::2:3:4:5:6:7:8', 6, '00000002000300040005000600070008'],
    ['::ffff:192.0.2.1', 6, '00000000000000000000ffffc0000201'],
    ['64:ff9b::192.0.2.33', 6, '0064ff9b0000000000000000c0000221'],
    ['1:2:3:4:5:6:192.0.2.1', 6, '000100020003000400050006c0000201'],
  ])('reads %s', (text, family, hex) => {
    const parsed = parseIpAddress(text);
    expect(parsed?.family).toBe(family);
    expect(toHex(parsed?.address ?? new Uint8Array())).toBe(hex);
  });

  test.each([
    '',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.04',
    '1.2.3.-4',
    '1.2.3.4 ',
    ' 1.2.3.4',
    '0x7f.0.0.1',
    '1.2.3.',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '1:2:3:4::5:6:7:8',
    '12345::',
    'g::',
    '::1.2.3',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '::1.2.3.4.5',
    '[::1]',
    'fe80::1%eth0',
    'localhost',
  ])('refuses "%s"', (text) => {
    expect(parseIpAddress(text)).toBeUndefined();
  });
});

describe('formatIpAddress', () => {
  test.each([
    ['7f000001', '127.0.0.1'],
    ['20010db8000000000000000000000001', '2001:db8::1'],
    ['20010db8000000010000000000000001', '2001:db8:0:1::1'],
    ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
    ['20010db8000100010001000100000001', '2001:db8:1:1:1:1:0:1'],
    ['00000000000000000000000000000000', '::'],
    ['00010000000000000000000000000000', '1::'],
    ['0000000000000000000000000000ABCD', '::abcd'],
    ['00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
  ])('writes %s as %s', (hex, text) => {
    expect(formatIpAddress(fromHex(hex))).toBe(text);
  });

  test('fails fast on another number of octets', () => {
    expect(() => formatIpAddress(new Uint8Array(5))).toThrow(RangeError);
  });

  test(`what it writes, it and Node read back (FUZZ_SEED=${FUZZ_SEED})`, () => {
    const random = createSeededRandom(FUZZ_SEED);
    for (let round = 0; round < 2000; round += 1) {
      const address = random.bytes(random.pick([4, 16]));
      // Zero groups are rare among random octets and are what the format is about.
      for (let index = 0; index < address.length; index += 2) {
        if (random.below(2) === 0) address.fill(0, index, index + 2);
      }
      const text = formatIpAddress(address);
      expect(isIP(text), text).toBe(address.length === 4 ? 4 : 6);
      expect(parseIpAddress(text)?.address, text).toEqual(address);
    }
  });
});

describe('formatTransportAddress', () => {
  test('puts IPv6 addresses in brackets', () => {
    expect(formatTransportAddress({ family: 4, address: fromHex('c0000201'), port: 80 })).toBe(
      '192.0.2.1:80',
    );
    expect(
      formatTransportAddress({ family: 6, address: fromHex('20010db8000000000000000000000001'), port: 3478 }),
    ).toBe('[2001:db8::1]:3478');
  });
});
