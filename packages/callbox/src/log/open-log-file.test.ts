import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeTemporaryDirectory } from '../testing/temporary-directory.ts';
import { openLogFile } from './open-log-file.ts';

test('lines are added to what is there, and go to a new file after it was moved away', async () => {
  const directory = await makeTemporaryDirectory();
  const [file, moved] = [join(directory, 'callbox.log'), join(directory, 'callbox.log.1')];
  openLogFile(file).write('one\n');
  const log = openLogFile(file);
  log.write('two\n');
  await rename(file, moved);
  log.write('three\n');
  log.reopen();
  log.write('four\n');
  expect(await readFile(moved, 'utf8')).toBe('one\ntwo\nthree\n');
  expect(await readFile(file, 'utf8')).toBe('four\n');
  expect((await stat(file)).mode & 0o077).toBe(0);
});

test('a file that cannot be written is said before anything starts; one that no longer can changes nothing', async () => {
  const directory = await makeTemporaryDirectory();
  expect(() => openLogFile(directory)).toThrow(`--log-file ${directory} cannot be written (EISDIR)`);
  const file = join(directory, 'callbox.log');
  const log = openLogFile(file);
  await rename(file, join(directory, 'moved'));
  await mkdir(file);
  log.reopen();
  log.write('still here\n');
  expect(await readFile(join(directory, 'moved'), 'utf8')).toBe('still here\n');
});
