import { expect, test } from 'vitest';
import { isPublicAddress } from './is-public-address.ts';

const special =
  '10.1.2.3 100.64.0.1 127.0.0.1 169.254.1.1 172.31.255.255 192.168.1.1 203.0.113.9 0.0.0.0 224.0.0.1 ' +
  '255.255.255.255 :: ::1 fe80::1 fd00::1 2001:db8::1 64:ff9b::1 localhost';

test.each(['8.8.8.8', '100.128.0.1', '172.32.0.1', '223.255.255.254', '2a00:1450::1', '2001:4860::8888'])(
  '%s is of the internet',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each(special.split(' '))('%s is not', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});
