import { X509Certificate } from 'node:crypto';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError } from '../config/config-error.ts';
import { openDataDirectory } from '../data-directory.ts';
import { makeTemporaryDirectory } from '../testing/temporary-directory.ts';
import { listCertificateNames } from './certificate-names.ts';
import { createSelfSigned } from './create-self-signed.ts';
import { loadCertificate, type ServerCertificate } from './load-certificate.ts';

const names = listCertificateNames(
  { loopback: ['127.0.0.1', '::1'], network: ['192.168.1.5', '2001:db8::5'] },
  ['203.0.113.9', '2001:db8:1::9'],
  'Box',
);
const moved = { loopback: ['127.0.0.1'], network: ['10.0.0.1'] };
const dayMs = 24 * 60 * 60 * 1000;
const nowMs = Date.UTC(2026, 5, 1);
const none = { cert: undefined, key: undefined };

async function loadIn(path: string, wanted = names, atMs = nowMs): Promise<ServerCertificate> {
  return loadCertificate(none, await openDataDirectory(path), wanted, atMs);
}

test('a certificate is made for every name and address, for a year, with a key of its own', async () => {
  const { keyPair, origin, isTrustedFor } = await loadIn(await makeTemporaryDirectory());
  const certificate = new X509Certificate(keyPair.cert);
  expect(origin).toBe('self-signed');
  expect(isTrustedFor('localhost')).toBe(false);
  for (const name of names.names) expect(certificate.checkHost(name)).toBe(name);
  for (const address of names.addresses) expect(certificate.checkIP(address)).toBeDefined();
  expect(certificate.checkHost('elsewhere')).toBeUndefined();
  expect(certificate.ca).toBe(false);
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(certificate.publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' });
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(Date.parse(certificate.validFrom)).toBe(nowMs - dayMs);
  expect(Date.parse(certificate.validTo)).toBe(nowMs + 365 * dayMs);
});

test('it is kept for its owner only', async () => {
  const path = await makeTemporaryDirectory();
  await loadIn(path);
  for (const file of ['certificate.pem', 'certificate-key.pem']) {
    expect((await stat(join(path, file))).mode & 0o777).toBe(0o600);
  }
});

test('it is the same after a restart, also when an address has gone', async () => {
  const path = await makeTemporaryDirectory();
  const made = await loadIn(path);
  expect((await loadIn(path, names, nowMs + 300 * dayMs)).keyPair).toEqual(made.keyPair);
  const fewer = listCertificateNames({ loopback: ['127.0.0.1'], network: [] }, [], 'box');
  expect((await loadIn(path, fewer)).keyPair).toEqual(made.keyPair);
});

test.each([
  ['a month before its end', names, nowMs + 336 * dayMs],
  ['when the machine got another address', listCertificateNames(moved, [], 'box'), nowMs],
  ['when it got another public address', listCertificateNames(moved, ['2001:db8:1::10'], 'box'), nowMs],
  ['when it got another name', { ...names, names: ['localhost', 'new-box'] }, nowMs],
])('it is made anew %s', async (_when, wanted, atMs) => {
  const path = await makeTemporaryDirectory();
  const made = await loadIn(path);
  const renewed = await loadIn(path, wanted, atMs);
  expect(renewed.keyPair.cert).not.toBe(made.keyPair.cert);
  expect((await loadIn(path, wanted, atMs)).keyPair).toEqual(renewed.keyPair);
});

test('it is not made anew for another IPv6 address: those come and go by themselves', async () => {
  const path = await makeTemporaryDirectory();
  const made = await loadIn(path);
  const drifted = listCertificateNames({ loopback: ['127.0.0.1'], network: ['2001:db8::6'] }, [], 'box');
  expect((await loadIn(path, drifted)).keyPair).toEqual(made.keyPair);
});

test('it is made anew when its file is damaged', async () => {
  const path = await makeTemporaryDirectory();
  await loadIn(path);
  await writeFile(join(path, 'certificate.pem'), 'no certificate');
  expect((await loadIn(path)).keyPair.cert).toContain('BEGIN CERTIFICATE');
});

test('the operator’s own certificate is used in its place, and trusted for its names', async () => {
  const path = await makeTemporaryDirectory();
  const own = await createSelfSigned(
    { names: ['calls.example', '*.calls.example'], addresses: ['192.0.2.7'] },
    nowMs,
  );
  const config = { cert: join(path, 'own.pem'), key: join(path, 'own-key.pem') };
  await writeFile(config.cert, own.cert);
  await writeFile(config.key, own.key);
  const loaded = await loadCertificate(config, await openDataDirectory(path), names, nowMs);
  expect(loaded.keyPair).toEqual(own);
  expect(loaded).toMatchObject({ origin: 'own', names: ['calls.example'] });
  const asked = [
    'calls.example',
    'a.calls.example',
    '192.0.2.7',
    'other.example',
    '192.0.2.8',
    'a..b',
    '-',
    '.',
  ];
  expect(asked.map(loaded.isTrustedFor)).toEqual([true, true, true, false, false, false, false, false]);
});

test('a certificate and a key that do not belong together are refused in one line', async () => {
  const path = await makeTemporaryDirectory();
  const [one, other] = await Promise.all([createSelfSigned(names, nowMs), createSelfSigned(names, nowMs)]);
  const config = { cert: join(path, 'own.pem'), key: join(path, 'own-key.pem') };
  await writeFile(config.cert, one.cert);
  await writeFile(config.key, other.key);
  const directory = await openDataDirectory(path);
  const error: unknown = await loadCertificate(config, directory, names, nowMs).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigError);
  expect(String(error)).toMatch(/--cert .+ and --key .+ do not make a pair: [^\n]+$/);
});
