import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataFact } from '../facts.ts';
import { reasonOf } from './fetch-answer.ts';

const othersMayWrite = 0o022;
const othersMayEnter = 0o011;
const othersMayRead = 0o044;

const octal = (mode: number): string => (mode & 0o777).toString(8).padStart(3, '0');

async function findReadable(directory: string): Promise<DataFact['readable']> {
  const { mode } = await stat(directory);
  const found = (mode & othersMayWrite) === 0 ? [] : [{ path: directory, mode: octal(mode) }];
  // Behind a closed door no file can be read, whatever its mode.
  if ((mode & othersMayEnter) === 0) return found;
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const entry = await stat(path);
    if (entry.isFile() && (entry.mode & othersMayRead) !== 0) found.push({ path, mode: octal(entry.mode) });
  }
  return found;
}

/** Looks at the data directory without changing it. One that is not there yet will be made by the server. */
export async function lookAtData(directory: string): Promise<DataFact> {
  const nothing = { directory, readable: [] };
  try {
    await access(directory);
  } catch (error) {
    const reason = reasonOf(error);
    return { ...nothing, exists: false, error: reason === 'ENOENT' ? undefined : reason };
  }
  try {
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    await readdir(directory);
    // Windows has rights of another kind.
    const readable = process.platform === 'win32' ? [] : await findReadable(directory);
    return { directory, exists: true, error: undefined, readable };
  } catch (error) {
    return { ...nothing, exists: true, error: reasonOf(error) };
  }
}
