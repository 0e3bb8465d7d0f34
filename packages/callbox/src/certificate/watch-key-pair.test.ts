import { createPrivateKey } from 'node:crypto';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { KeyPair } from '../port/port-splitter.ts';
import { makeTemporaryDirectory } from '../testing/temporary-directory.ts';
import { createSelfSigned } from './create-self-signed.ts';
import { readKeyPairFiles, watchKeyPair, type KeyPairFiles } from './watch-key-pair.ts';

let first: KeyPair;
let second: KeyPair;
beforeAll(async () => {
  const wanted = { names: ['calls.example'], addresses: [] };
  [first, second] = await Promise.all([
    createSelfSigned(wanted, Date.now()),
    createSelfSigned(wanted, Date.now()),
  ]);
});

async function write(files: KeyPairFiles, { cert, key }: Partial<KeyPair>): Promise<void> {
  if (cert !== undefined) await writeFile(files.cert, cert);
  if (key !== undefined) await writeFile(files.key, key);
}

/** Files of the first pair, watched. */
async function watch(directory?: string) {
  const path = directory ?? (await makeTemporaryDirectory());
  const files = { cert: join(path, 'cert.pem'), key: join(path, 'key.pem') };
  if (directory === undefined) await write(files, first);
  const served: KeyPair[] = [];
  const unusable: string[] = [];
  const stop = watchKeyPair({
    files,
    current: await readKeyPairFiles(files),
    onChanged: ({ keyPair }) => served.push(keyPair),
    onUnusable: (reason) => unusable.push(reason),
    intervalMs: 10,
  });
  onTestFinished(stop);
  return { files, served, unusable, stop };
}

describe('files that are watched', () => {
  test('are served anew once both have changed', async () => {
    const { files, served } = await watch();
    await write(files, second);
    await vi.waitFor(() => expect(served).toEqual([second]));
  });

  test('are served as they were while only one has changed, which is said once', async () => {
    const { files, served, unusable } = await watch();
    await write(files, { cert: second.cert });
    await vi.waitFor(() => expect(unusable).toEqual([expect.stringMatching(/key values mismatch/)]));
    await write(files, { key: second.key });
    await vi.waitFor(() => expect(served).toEqual([second]));
    expect(unusable).toHaveLength(1);
  });

  test('are served as they were while one is half written', async () => {
    const { files, served, unusable } = await watch();
    await write(files, { cert: second.cert.slice(0, 200), key: second.key });
    await vi.waitFor(() => expect(unusable).toHaveLength(1));
    await write(files, { cert: second.cert });
    await vi.waitFor(() => expect(served).toEqual([second]));
  });

  test.each(['cert', 'key'] as const)(
    'are served as they were while the file of the %s is empty',
    async (name) => {
      const { files, served, unusable } = await watch();
      await write(files, { ...second, [name]: '' });
      await vi.waitFor(() => expect(unusable).toHaveLength(1));
      await write(files, second);
      await vi.waitFor(() => expect(served).toEqual([second]));
    },
  );

  test('are served as they were while one is missing', async () => {
    const { files, served, unusable } = await watch();
    await rm(files.key);
    await vi.waitFor(() => expect(unusable).toEqual([expect.stringMatching(/ENOENT/)]));
    await write(files, second);
    await vi.waitFor(() => expect(served).toEqual([second]));
  });

  test('may be replaced by renaming', async () => {
    const { files, served } = await watch();
    const next = { cert: `${files.cert}.new`, key: `${files.key}.new` };
    await write(next, second);
    await rename(next.key, files.key);
    await rename(next.cert, files.cert);
    await vi.waitFor(() => expect(served).toEqual([second]));
  });

  test('may be links that are led elsewhere, as certbot does', async () => {
    const path = await makeTemporaryDirectory();
    for (const [version, pair] of [
      ['1', first],
      ['2', second],
    ] as const) {
      await mkdir(join(path, version));
      await write({ cert: join(path, version, 'cert.pem'), key: join(path, version, 'key.pem') }, pair);
    }
    for (const file of ['cert.pem', 'key.pem']) await symlink(join(path, '1', file), join(path, file));
    const { served } = await watch(path);
    for (const file of ['key.pem', 'cert.pem']) {
      await symlink(join(path, '2', file), join(path, 'next'));
      await rename(join(path, 'next'), join(path, file));
    }
    await vi.waitFor(() => expect(served).toEqual([second]));
  });

  test('are left alone when they were only touched', async () => {
    const { files, served } = await watch();
    await write(files, first);
    await write(files, second);
    await vi.waitFor(() => expect(served).toEqual([second]));
  });
});

test('an encrypted key is opened with its passphrase, and with no other', async () => {
  const path = await makeTemporaryDirectory();
  const files = { cert: join(path, 'cert.pem'), key: join(path, 'key.pem') };
  const key = createPrivateKey(first.key).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'sesame',
  });
  await write(files, { cert: first.cert, key: key.toString() });
  const opened = await readKeyPairFiles({ ...files, passphrase: 'sesame' });
  expect(createPrivateKey(opened.keyPair.key).equals(createPrivateKey(first.key))).toBe(true);
  await expect(readKeyPairFiles({ ...files, passphrase: 'other' })).rejects.toThrow(/^(?!.*other)/);
  await expect(readKeyPairFiles(files)).rejects.toThrow(/passphrase|password|interrupted/i);
});
