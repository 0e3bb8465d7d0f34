import { expect, test } from 'vitest';
import { compareAddresses } from './compare-addresses.ts';

const home = ['192.168.1.5', '2001:db8::5'];

test.each([
  ['to another network', ['10.0.0.7'], ['10.0.0.7'], home, true, true],
  ['to a second network as well', [...home, '10.0.0.7'], ['10.0.0.7'], [], false, true],
  ['to no network', [], [], home, true, true],
  ['to another IPv6 address', ['192.168.1.5', '2001:db8::6'], ['2001:db8::6'], ['2001:db8::5'], false, false],
  [
    'to a network of containers',
    ['192.168.1.5', '172.17.0.1', '2001:db8::5'],
    ['172.17.0.1'],
    [],
    false,
    false,
  ],
])('a machine that has come %s', (_where, now, come, gone, isMainChanged, isNews) => {
  expect(compareAddresses(home, now, ['172.17.0.1'])).toEqual({ come, gone, isMainChanged, isNews });
});
