import { expect, test } from 'vitest';
import { listCertificateNames } from './certificate-names.ts';

test('a machine is known by its name, alone and by multicast DNS, and by its domains', () => {
  const { names } = listCertificateNames({ network: [] }, [], 'Box', ['calls.example']);
  expect(names).toEqual(['box', 'box.local', 'calls.example']);
});

test.each([
  ['box.lan.example', ['box.lan.example']],
  ['localhost', []],
  ['kitchen box', []],
  ['', []],
])('a machine called "%s" has the names %j', (machineName, names) => {
  expect(listCertificateNames({ network: [] }, [], machineName).names).toEqual(names);
});

test('addresses of version 6 are in a certificate, but not worth another one unless they were configured', () => {
  const network = ['192.168.1.5', '2001:db8::5'];
  expect(listCertificateNames({ network }, ['2001:db8:1::9', '192.168.1.5'], 'box')).toMatchObject({
    addresses: ['192.168.1.5', '2001:db8::5', '2001:db8:1::9'],
    lastingAddresses: ['192.168.1.5', '2001:db8:1::9'],
  });
});
