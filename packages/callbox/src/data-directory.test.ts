import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDataDirectory } from './data-directory.ts';
import { makeTemporaryDirectory } from './testing/temporary-directory.ts';

test('directory and files are for their owner only, also when replaced', async () => {
  const path = join(await makeTemporaryDirectory(), 'deep', 'data');
  const directory = await openDataDirectory(path);
  await directory.write('secret', 'one');
  await directory.write('secret', 'two');
  expect((await stat(path)).mode & 0o777).toBe(0o700);
  expect((await stat(join(path, 'secret'))).mode & 0o777).toBe(0o600);
  expect(await directory.read('secret')).toBe('two');
  expect(await readdir(path)).toEqual(['secret']);
});

test('a file that is not there yet is absent, not an error', async () => {
  const directory = await openDataDirectory(await makeTemporaryDirectory());
  expect(await directory.read('secret')).toBeUndefined();
});
