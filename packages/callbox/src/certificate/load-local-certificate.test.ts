import { X509Certificate } from 'node:crypto';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDataDirectory } from '../data-directory.ts';
import { makeTemporaryDirectory } from '../testing/temporary-directory.ts';
import { listCertificateNames } from './certificate-names.ts';
import { loadLocalCertificate, type LocalCertificate } from './load-local-certificate.ts';

const names = listCertificateNames(
  { network: ['192.168.1.5', '2001:db8::5'] },
  ['203.0.113.9', '2001:db8:1::9'],
  'Box',
  ['calls.example'],
);
const moved = { network: ['10.0.0.1'] };
const dayMs = 24 * 60 * 60 * 1000;
const nowMs = Date.UTC(2026, 5, 1);

async function loadIn(path: string, wanted = names, atMs = nowMs): Promise<LocalCertificate> {
  return loadLocalCertificate(await openDataDirectory(path), wanted, atMs);
}

test('a certificate is made for every name and address, for a year, with a key of its own', async () => {
  const { keyPair, authority } = await loadIn(await makeTemporaryDirectory());
  const certificate = new X509Certificate(keyPair.cert);
  for (const name of ['box', 'box.local', 'calls.example']) expect(certificate.checkHost(name)).toBe(name);
  for (const address of names.addresses) expect(certificate.checkIP(address)).toBeDefined();
  expect(certificate.checkHost('elsewhere')).toBeUndefined();
  expect(certificate.ca).toBe(false);
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(certificate.publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' });
  expect(Date.parse(certificate.validFrom)).toBe(nowMs - dayMs);
  expect(Date.parse(certificate.validTo)).toBe(nowMs + 365 * dayMs);
  const issuer = new X509Certificate(authority);
  expect(issuer.ca).toBe(true);
  expect(certificate.checkIssued(issuer)).toBe(true);
  expect(certificate.verify(issuer.publicKey)).toBe(true);
});

test('nobody is vouched for under names that every machine gives itself', async () => {
  const { keyPair } = await loadIn(await makeTemporaryDirectory());
  const certificate = new X509Certificate(keyPair.cert);
  expect([certificate.checkHost('localhost'), certificate.checkIP('127.0.0.1')]).toEqual([
    undefined,
    undefined,
  ]);
});

test('everything is kept for its owner only', async () => {
  const path = await makeTemporaryDirectory();
  await loadIn(path);
  for (const file of [
    'certificate.pem',
    'certificate-key.pem',
    'local-authority.pem',
    'local-authority-key.pem',
  ]) {
    expect((await stat(join(path, file))).mode & 0o777).toBe(0o600);
  }
});

test('it is the same after a restart, also when an address has gone', async () => {
  const path = await makeTemporaryDirectory();
  const made = await loadIn(path);
  expect(await loadIn(path, names, nowMs + 300 * dayMs)).toEqual(made);
  expect(await loadIn(path, listCertificateNames({ network: [] }, [], 'box'))).toEqual(made);
});

test('a month before its end it is made anew under the same authority, so that nobody is warned', async () => {
  const path = await makeTemporaryDirectory();
  const made = await loadIn(path);
  const renewed = await loadIn(path, names, nowMs + 336 * dayMs);
  expect(renewed.authority).toBe(made.authority);
  expect(renewed.keyPair.cert).not.toBe(made.keyPair.cert);
  const certificate = new X509Certificate(renewed.keyPair.cert);
  expect(certificate.verify(new X509Certificate(made.authority).publicKey)).toBe(true);
  expect(certificate.subjectAltName).toBe(new X509Certificate(made.keyPair.cert).subjectAltName);
  expect(await loadIn(path, names, nowMs + 336 * dayMs)).toEqual(renewed);
});

test('renewed among other IPv6 addresses it stands for the old ones, which is all its authority may vouch for', async () => {
  const path = await makeTemporaryDirectory();
  await loadIn(path, listCertificateNames({ network: ['192.168.1.5', '2001:db8::5'] }, [], 'box'));
  const drifted = listCertificateNames({ network: ['192.168.1.5', '2001:db8::6'] }, [], 'box');
  const certificate = new X509Certificate((await loadIn(path, drifted, nowMs + 336 * dayMs)).keyPair.cert);
  expect(certificate.checkIP('2001:db8::5')).toBe('2001:db8::5');
  expect(certificate.checkIP('2001:db8::6')).toBeUndefined();
});

test.each([
  ['when the machine got another address', listCertificateNames(moved, [], 'box'), nowMs],
  ['when it got another public address', listCertificateNames(moved, ['2001:db8:1::10'], 'box'), nowMs],
  ['when it got another name', { ...names, names: ['new-box'] }, nowMs],
  ['a month before the end of ten years', names, nowMs + 3621 * dayMs],
])('certificate and authority are made anew %s', async (_when, wanted, atMs) => {
  const path = await makeTemporaryDirectory();
  const made = await loadIn(path);
  const other = await loadIn(path, wanted, atMs);
  expect(other.authority).not.toBe(made.authority);
  expect(other.keyPair.cert).not.toBe(made.keyPair.cert);
  expect(await loadIn(path, wanted, atMs)).toEqual(other);
});

test('nothing is made anew for another IPv6 address: those come and go by themselves', async () => {
  const path = await makeTemporaryDirectory();
  const made = await loadIn(path);
  expect(await loadIn(path, listCertificateNames({ network: ['2001:db8::6'] }, [], 'box'))).toEqual(made);
});

test.each(['certificate.pem', 'local-authority.pem'])('damage to %s is made good', async (file) => {
  const path = await makeTemporaryDirectory();
  await loadIn(path);
  await writeFile(join(path, file), 'no certificate');
  const { keyPair, authority } = await loadIn(path);
  expect(new X509Certificate(keyPair.cert).checkIssued(new X509Certificate(authority))).toBe(true);
});

test('an authority whose key is lost is made anew, along with the certificate', async () => {
  const path = await makeTemporaryDirectory();
  const made = await loadIn(path);
  await rm(join(path, 'local-authority-key.pem'));
  expect((await loadIn(path)).authority).not.toBe(made.authority);
});
