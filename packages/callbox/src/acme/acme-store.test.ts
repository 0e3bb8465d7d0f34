import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSelfSigned } from '../certificate/create-self-signed.ts';
import { openDataDirectory } from '../data-directory.ts';
import { makeTemporaryDirectory } from '../testing/temporary-directory.ts';
import { createAcmeStore } from './acme-store.ts';

test('the account’s key is made once', async () => {
  const path = await makeTemporaryDirectory();
  const made = await createAcmeStore(await openDataDirectory(path)).accountKey();
  const kept = await createAcmeStore(await openDataDirectory(path)).accountKey();
  expect(made.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  expect(kept.equals(made)).toBe(true);
});

test('a chain and its key come back as they were, and who gave them', async () => {
  const store = createAcmeStore(await openDataDirectory(await makeTemporaryDirectory()));
  expect(await store.readCertificate()).toBeUndefined();
  const leaf = await createSelfSigned({ names: ['calls.example'], addresses: [] }, Date.now());
  const other = await createSelfSigned({ names: ['between.example'], addresses: [] }, Date.now());
  const keyPair = { cert: `${leaf.cert}${other.cert}`, key: leaf.key };
  const given = { keyPair, directoryUrl: 'https://ca.example/dir' };
  await store.writeCertificate(given);
  expect(await store.readCertificate()).toEqual(given);
});

test.each(['', 'nothing', '{"subject":7}', '[]', 'null', '{"subject":"s","inRow":"1"}'])(
  'what remembers no failures (%s) is none',
  async (text) => {
    const path = await makeTemporaryDirectory();
    await writeFile(join(path, 'acme-failures.json'), text);
    expect(await createAcmeStore(await openDataDirectory(path)).readFailures()).toBeUndefined();
  },
);

test('failures are remembered until there are none', async () => {
  const store = createAcmeStore(await openDataDirectory(await makeTemporaryDirectory()));
  const failures = { subject: 's', inRow: 3, retryAtMs: 5, isBinding: true };
  await store.writeFailures(failures);
  expect(await store.readFailures()).toEqual(failures);
  await store.writeFailures(undefined);
  expect(await store.readFailures()).toBeUndefined();
});
