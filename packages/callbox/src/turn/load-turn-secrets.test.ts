import { expect, test } from 'vitest';
import { openDataDirectory } from '../data-directory.ts';
import { makeTemporaryDirectory } from '../testing/temporary-directory.ts';
import { loadTurnSecrets } from './load-turn-secrets.ts';

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
