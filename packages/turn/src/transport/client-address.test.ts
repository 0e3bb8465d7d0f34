import { expect, test } from 'vitest';
import { at } from '../testing/addresses.ts';
import { readSocketAddress } from './client-address.ts';

test.each([
  ['192.0.2.1', at('192.0.2.1', 7)],
  ['::ffff:192.0.2.1', at('192.0.2.1', 7)],
  ['2001:db8::1', at('2001:db8::1', 7)],
  ['fe80::1%eth0', at('fe80::1', 7)],
  ['nonsense', undefined],
  [undefined, undefined],
])('%s is read as an address', (text, expected) => {
  expect(readSocketAddress(text, 7)).toEqual(expected);
});
