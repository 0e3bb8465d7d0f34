import { expect, test } from 'vitest';
import { createAddressSet } from './address-set.ts';

const proxies = createAddressSet(['10.0.0.0/8', '192.0.2.7', '2001:db8:1::/48', '::ffff:198.51.100.0/120']);

test.each([
  '10.0.0.1',
  '10.255.255.255',
  '::ffff:10.1.2.3',
  '192.0.2.7',
  '2001:db8:1::5',
  '2001:DB8:1:0::5',
  '198.51.100.9',
])('%s is in the set', (address) => {
  expect(proxies.has(address)).toBe(true);
});

test.each(['11.0.0.1', '192.0.2.8', '2001:db8:2::5', '::', '', 'localhost', '10.0.0', '198.51.101.1'])(
  '%j is not',
  (address) => {
    expect(proxies.has(address)).toBe(false);
  },
);

test('an empty set has nobody', () => {
  expect(createAddressSet([]).has('127.0.0.1')).toBe(false);
});
