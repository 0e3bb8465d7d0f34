import { expect, test } from 'vitest';
import { ip } from '../testing/addresses.ts';
import { expandWildcard } from './expand-wildcard.ts';

const MACHINE = ['127.0.0.1', '10.0.0.1', '::1', '2001:db8::1', 'fe80::1'].map(ip);

test.each([
  ['10.0.0.9', ['10.0.0.9']],
  ['0.0.0.0', ['127.0.0.1', '10.0.0.1']],
  ['::', ['::1', '2001:db8::1']],
])('listening on %s means %s', (address, expected) => {
  expect(expandWildcard(ip(address), MACHINE)).toEqual(expected.map(ip));
});
