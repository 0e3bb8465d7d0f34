import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Puts an authority into a new NSS store in `folder`, trusted for servers as one that a person has installed. */
async function createStore(folder: string, authorityPem: string): Promise<void> {
  const pemFile = join(folder, 'test-authority.pem');
  await writeFile(pemFile, authorityPem);
  await run('certutil', ['-N', '-d', `sql:${folder}`, '--empty-password']);
  await run('certutil', ['-A', '-d', `sql:${folder}`, '-n', 'Callbox tests', '-t', 'C,,', '-i', pemFile]);
}

/** Puts an authority where a Chromium with this home folder looks for those a person has installed. */
export async function trustInHome(home: string, authorityPem: string): Promise<void> {
  const store = join(home, '.pki', 'nssdb');
  await mkdir(store, { recursive: true });
  await createStore(store, authorityPem);
}

/** Puts an authority into a Firefox profile that has never been used. */
export async function trustInProfile(profile: string, authorityPem: string): Promise<void> {
  await createStore(profile, authorityPem);
}
