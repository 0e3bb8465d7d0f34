import { expect, test } from 'vitest';
import { addressOfOctets, canonicalAddress } from './canonical-address.ts';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:c000:207', '192.0.2.7'],
  ['0:0:0:0:0:ffff:c000:0207', '192.0.2.7'],
  ['2001:DB8:0:0:0:0:0:7', '2001:db8::7'],
  ['2001:db8::0:7', '2001:db8::7'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::1', '::1'],
  ['', undefined],
  ['192.0.2', undefined],
  ['calls.example', undefined],
  ['[::1]', undefined],
])('"%s" is written %s', (text, expected) => {
  expect(canonicalAddress(text)).toBe(expected);
});

test.each([
  [[192, 0, 2, 7], '192.0.2.7'],
  [[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7], '2001:db8::7'],
  [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 7], '192.0.2.7'],
  [[192, 0, 2], undefined],
  [[], undefined],
])('the octets %j are written %s', (octets, expected) => {
  expect(addressOfOctets(Uint8Array.from(octets))).toBe(expected);
});
