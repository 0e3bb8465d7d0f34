import { expect, test } from 'vitest';
import { openDataDirectory } from '../data-directory.ts';
import { makeTemporaryDirectory } from '../testing/temporary-directory.ts';
import { deriveNonceKey, loadTurnSecrets } from './load-turn-secrets.ts';

test('secrets are made once, long and unlike each other', async () => {
  const path = await makeTemporaryDirectory();
  const made = await loadTurnSecrets(await openDataDirectory(path));
  const kept = await loadTurnSecrets(await openDataDirectory(path));
  const others = await loadTurnSecrets(await openDataDirectory(await makeTemporaryDirectory()));
  expect(kept).toEqual(made);
  expect(others.sharedSecret).not.toBe(made.sharedSecret);
  expect(made.sharedSecret.length).toBeGreaterThanOrEqual(43);
  expect(made.nonceKey.length).toBeGreaterThanOrEqual(32);
  expect(Buffer.from(made.nonceKey).toString()).not.toBe(made.sharedSecret);
});

test('machines with one secret make one nonce key, which does not tell the secret', () => {
  const key = deriveNonceKey('north');
  expect(deriveNonceKey('north')).toEqual(key);
  expect(deriveNonceKey('south')).not.toEqual(key);
  expect(key).toHaveLength(32);
});
