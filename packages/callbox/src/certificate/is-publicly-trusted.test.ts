import { rootCertificates } from 'node:tls';
import { expect, test } from 'vitest';
import { listCertificateNames } from './certificate-names.ts';
import { createLocalAuthority, issueCertificate } from './create-local-authority.ts';
import { createSelfSigned } from './create-self-signed.ts';
import { isPubliclyTrusted } from './is-publicly-trusted.ts';

const names = listCertificateNames({ network: [] }, [], 'box');

test('what an authority of the browsers’ signed is trusted by everybody', () => {
  // Of such authorities the roots are at hand, which have signed themselves.
  expect(rootCertificates.slice(0, 3).map(isPubliclyTrusted)).toEqual([true, true, true]);
});

test('what vouches for itself is not', async () => {
  expect(isPubliclyTrusted((await createSelfSigned(names, Date.now())).cert)).toBe(false);
});

test('what an authority of one’s own signed is not, even with the chain complete', async () => {
  const authority = await createLocalAuthority(names, Date.now());
  const { cert } = await issueCertificate(authority, names, Date.now());
  expect(isPubliclyTrusted(`${cert}${authority.cert}`)).toBe(false);
});

test('a foreign root beside it does not help', async () => {
  const { cert } = await createSelfSigned(names, Date.now());
  expect(isPubliclyTrusted(`${cert}${rootCertificates[0]}`)).toBe(false);
  expect(isPubliclyTrusted('')).toBe(false);
});
