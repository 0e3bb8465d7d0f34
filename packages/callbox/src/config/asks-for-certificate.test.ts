import { expect, test } from 'vitest';
import { asksForCertificate } from './asks-for-certificate.ts';

const nothing = { domain: [], acme: false, cert: undefined };

test.each([
  ['nothing is said', nothing, false],
  ['a domain is named', { ...nothing, domain: ['calls.example'] }, true],
  ['an address shall have one', { ...nothing, acme: true }, true],
  [
    'a domain is named and a certificate given',
    { ...nothing, domain: ['calls.example'], cert: 'c.pem' },
    false,
  ],
])('where %s, an authority is asked: %#', (_what, config, expected) => {
  expect(asksForCertificate(config)).toBe(expected);
});
