import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createChallengeResponses } from '../acme/challenge-responses.ts';
import { createAcmeStore } from '../acme/acme-store.ts';
import { ConfigError } from '../config/config-error.ts';
import { openDataDirectory } from '../data-directory.ts';
import type { KeyPair } from '../port/port-splitter.ts';
import { makeTemporaryDirectory } from '../testing/temporary-directory.ts';
import { listCertificateNames, type CertificateNames } from './certificate-names.ts';
import {
  createCertificateKeeper,
  type CertificateKeeper,
  type CertificateKeeperOptions,
} from './create-certificate-keeper.ts';
import { createLocalAuthority, issueCertificate } from './create-local-authority.ts';
import { createSelfSigned } from './create-self-signed.ts';

const dayMs = 24 * 60 * 60 * 1000;
const directoryUrl = 'https://ca.example/dir';
const nothing: CertificateKeeperOptions['config'] = {
  cert: undefined,
  key: undefined,
  keyPassphrase: undefined,
  domain: [],
  acme: false,
  acmeDirectory: directoryUrl,
  acmeEmail: undefined,
  acmeEabKid: undefined,
  acmeEabKey: undefined,
  publicAddress: [],
};

function namesWith(...addresses: string[]): CertificateNames {
  return listCertificateNames({ network: addresses }, [], 'box');
}

interface Kept {
  readonly keeper: CertificateKeeper;
  readonly path: string;
  readonly served: KeyPair[];
  readonly logged: string[];
}

async function keep(options: Partial<CertificateKeeperOptions> = {}, directory?: string): Promise<Kept> {
  const path = directory ?? (await makeTemporaryDirectory());
  const logged: string[] = [];
  const log = (message: string): void => void logged.push(message);
  const keeper = await createCertificateKeeper({
    config: nothing,
    directory: await openDataDirectory(path),
    listNames: async () => namesWith('192.168.1.5'),
    responses: createChallengeResponses(),
    logger: { error: log, warn: log, info: log, debug: log },
    now: Date.now,
    // Nothing may leave the box unless it was asked for.
    fetch: () => Promise.reject(new Error('somebody was asked')),
    lookIntervalMs: 10,
    fileIntervalMs: 10,
    ...options,
  });
  onTestFinished(() => keeper.stop());
  const served: KeyPair[] = [];
  keeper.onChanged(() => served.push(keeper.keyPair));
  return { keeper, path, served, logged };
}

async function writePair(path: string, pair: KeyPair): Promise<{ cert: string; key: string }> {
  const files = { cert: join(path, 'own.pem'), key: join(path, 'own-key.pem') };
  await writeFile(files.cert, pair.cert);
  await writeFile(files.key, pair.key);
  return files;
}

function makeOwn(...names: string[]): Promise<KeyPair> {
  return createSelfSigned({ names, addresses: ['192.0.2.7'] }, Date.now());
}

test('without a word a certificate of our own making serves, which nobody need trust', async () => {
  const { keeper } = await keep();
  expect(keeper).toMatchObject({ origin: 'self-signed', names: [] });
  expect([keeper.isTrustedFor('box'), keeper.isPubliclyTrustedFor('box')]).toEqual([false, false]);
  const authority = new X509Certificate(keeper.findLocal('box')?.authority ?? '');
  expect(new X509Certificate(keeper.keyPair.cert).checkIssued(authority)).toBe(true);
});

test('another address of the machine is in a new certificate while the program runs', async () => {
  let names = namesWith('192.168.1.5');
  const { keeper, served, logged } = await keep({ listNames: async () => names });
  keeper.start();
  names = namesWith('10.0.0.1');
  await vi.waitFor(() => expect(served).toHaveLength(1));
  expect(new X509Certificate(keeper.keyPair.cert).checkIP('10.0.0.1')).toBe('10.0.0.1');
  expect(logged).toEqual([expect.stringMatching(/another name or address/)]);
});

test('a certificate that comes to its end is renewed while the program runs, under the same authority', async () => {
  let nowMs = Date.now();
  const { keeper, served, logged } = await keep({ now: () => nowMs });
  const localAuthority = keeper.findLocal('box')?.authority;
  keeper.start();
  nowMs += 340 * dayMs;
  await vi.waitFor(() => expect(served).toEqual([keeper.keyPair]));
  expect(keeper.findLocal('box')?.authority).toBe(localAuthority);
  expect(logged).toEqual([expect.stringMatching(/was renewed/)]);
});

test('the operator’s certificate is used in its place, and trusted for its names', async () => {
  const path = await makeTemporaryDirectory();
  const own = await makeOwn('calls.example', '*.calls.example');
  const { keeper } = await keep({ config: { ...nothing, ...(await writePair(path, own)) } }, path);
  expect(keeper).toMatchObject({
    keyPair: own,
    origin: 'own',
    names: ['calls.example'],
    localKeyPair: undefined,
  });
  const asked = ['calls.example', 'a.calls.example', '192.0.2.7', 'other.example', '192.0.2.8', 'a..b', '-'];
  expect(asked.map(keeper.isTrustedFor)).toEqual([true, true, true, false, false, false, false]);
  // It vouches for itself: a browser that knows it may trust it, others do not.
  expect(keeper.isPubliclyTrustedFor('calls.example')).toBe(false);
});

test('the operator’s certificate is followed on disk', async () => {
  const path = await makeTemporaryDirectory();
  const config = { ...nothing, ...(await writePair(path, await makeOwn('calls.example'))) };
  const { keeper, served } = await keep({ config }, path);
  keeper.start();
  const next = await makeOwn('calls.example', 'more.example');
  await writePair(path, next);
  await vi.waitFor(() => expect(served).toEqual([next]));
  expect(keeper.isTrustedFor('more.example')).toBe(true);
});

test('files that are no pair are refused at the start in one line', async () => {
  const path = await makeTemporaryDirectory();
  const [one, other] = await Promise.all([makeOwn('a.example'), makeOwn('a.example')]);
  const config = { ...nothing, ...(await writePair(path, { cert: one.cert, key: other.key })) };
  const error: unknown = await keep({ config }, path).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConfigError);
  expect(String(error)).toMatch(/--cert .+ and --key .+ do not make a pair: [^\n]+$/);
});

test('a certificate that an authority gave earlier serves from the start', async () => {
  const path = await makeTemporaryDirectory();
  const given = await makeOwn('calls.example');
  await createAcmeStore(await openDataDirectory(path)).writeCertificate({ keyPair: given, directoryUrl });
  const config = { ...nothing, domain: ['calls.example'] };
  const { keeper } = await keep({ config }, path);
  expect(keeper).toMatchObject({ origin: 'acme', keyPair: given, names: ['calls.example'] });
});

test('beside it, one of our own making is there for whoever comes by a local name or address', async () => {
  const path = await makeTemporaryDirectory();
  const given = await makeOwn('calls.example');
  await createAcmeStore(await openDataDirectory(path)).writeCertificate({ keyPair: given, directoryUrl });
  let names = namesWith('192.168.1.5');
  const config = { ...nothing, domain: ['calls.example'] };
  const { keeper, served } = await keep({ config, listNames: async () => names }, path);
  const local = keeper.findLocal('192.168.1.5');
  expect(keeper.findLocal('calls.example')).toBeUndefined();
  expect(keeper.localKeyPair).toBe(local?.keyPair);
  expect(new X509Certificate(local?.keyPair.cert ?? '').checkIP('192.168.1.5')).toBe('192.168.1.5');
  keeper.start();
  names = namesWith('10.0.0.1');
  await vi.waitFor(() => expect(served).toHaveLength(1));
  expect(new X509Certificate(keeper.localKeyPair?.cert ?? '').checkIP('10.0.0.1')).toBe('10.0.0.1');
  expect(keeper.keyPair).toEqual(given);
});

test('one that has run out does not', async () => {
  const path = await makeTemporaryDirectory();
  const given = await makeOwn('calls.example');
  await createAcmeStore(await openDataDirectory(path)).writeCertificate({ keyPair: given, directoryUrl });
  const config = { ...nothing, domain: ['calls.example'] };
  const { keeper } = await keep({ config, now: () => Date.now() + 366 * dayMs }, path);
  expect(keeper.origin).toBe('self-signed');
});

test.each([
  ['stands for all that is wanted', ['calls.example'], directoryUrl, false],
  ['lacks a name', ['calls.example', 'more.example'], directoryUrl, true],
  ['came from another authority', ['calls.example'], 'https://staging.example/dir', true],
])('one that %s serves, and another is asked for at once or not: %#', async (_what, domain, by, isAsked) => {
  const path = await makeTemporaryDirectory();
  const names = { ...namesWith(), names: ['calls.example'] };
  const keyPair = await issueCertificate(await createLocalAuthority(names, Date.now()), names, Date.now());
  await createAcmeStore(await openDataDirectory(path)).writeCertificate({ keyPair, directoryUrl: by });
  const { keeper, logged } = await keep({ config: { ...nothing, domain } }, path);
  expect(keeper.keyPair).toEqual(keyPair);
  keeper.start();
  // Either way something is asked: for a certificate, or when to renew the one that there is.
  await vi.waitFor(() => expect(logged.join()).toMatch(/Asking|did not say when to renew/));
  expect(logged[0]?.startsWith('Asking ca.example for a certificate')).toBe(isAsked);
});

test('an authority that is not there is asked, named in words, and leaves what serves alone', async () => {
  const asked: unknown[] = [];
  const { keeper, served, logged } = await keep({
    config: { ...nothing, domain: ['calls.example'] },
    fetch: (url) => {
      asked.push(url);
      return Promise.reject(
        new TypeError('fetch failed', { cause: Object.assign(new Error('no'), { code: 'ENOTFOUND' }) }),
      );
    },
    random: () => 0,
  });
  expect(asked).toEqual([]);
  keeper.start();
  await vi.waitFor(() =>
    expect(logged).toContain(
      'No certificate for calls.example: ca.example does not answer (ENOTFOUND). Next attempt in 1 min; what there is serves on.',
    ),
  );
  expect(asked).toEqual(['https://ca.example/dir']);
  expect(served).toEqual([]);
});
