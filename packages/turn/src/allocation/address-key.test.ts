import { expect, test } from 'vitest';
import { at, ip } from '../testing/addresses.ts';
import { addressKey, pathKey, sourceKey, transportAddressKey } from './address-key.ts';

const ADDRESSES = [
  '198.51.100.1',
  '198.51.100.2',
  '1.198.51.100',
  '::ffff:198.51.100.1',
  '2001:db8::1',
  '2001:db8::1:0',
];

test('each address has a key of its own, and each port with it', () => {
  expect(new Set(ADDRESSES.map((text) => addressKey(ip(text)))).size).toBe(ADDRESSES.length);
  const both = ADDRESSES.flatMap((text) => [at(text, 1), at(text, 256), at(text, 40_000)]);
  expect(new Set(both.map(transportAddressKey)).size).toBe(both.length);
  expect(addressKey(ip('2001:db8:0:0::1'))).toBe(addressKey(ip('2001:db8::1')));
});

test('a source is an IPv4 address or an IPv6 /64', () => {
  expect(sourceKey(ip('2001:db8:1:2::3'))).toBe(sourceKey(ip('2001:db8:1:2:ffff::4')));
  expect(sourceKey(ip('2001:db8:1:2::3'))).not.toBe(sourceKey(ip('2001:db8:1:3::3')));
  expect(sourceKey(ip('198.51.100.1'))).not.toBe(sourceKey(ip('198.51.100.2')));
});

test('a path is its kind and both its ends, in their order', () => {
  const ends = ADDRESSES.flatMap((text) => [at(text, 3478), at(text, 40_000)]);
  const keys = [0, 1].flatMap((kind) => ends.flatMap((a) => ends.map((b) => pathKey(kind, a, b))));
  expect(new Set(keys).size).toBe(keys.length);
});
