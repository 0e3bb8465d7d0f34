import { expect, test, vi } from 'vitest';
import { openDataDirectory } from '../data-directory.ts';
import { makeTemporaryDirectory } from '../testing/temporary-directory.ts';
import { createBrowserAddresses, readBrowserAddresses } from './browser-addresses.ts';

async function createFixture() {
  const directory = await openDataDirectory(await makeTemporaryDirectory());
  const onFound = vi.fn();
  const addresses = createBrowserAddresses({ directory, isKnown: (text) => text === '5.5.5.1', onFound });
  const note = (host: string, remoteAddress: string, isProxied = false): void =>
    addresses.note({ host, remoteAddress, isProxied });
  return { directory, onFound, note };
}

test('an address by which two came who are far from each other is kept for the next start', async () => {
  const { directory, onFound, note } = await createFixture();
  note('5.5.5.9:8080', '8.8.8.8');
  note('5.5.5.9:8080', '8.8.8.8');
  note('[2a00::0:9]', '2a01:1:1:1::1');
  note('[2a00::9]', '2a01:1:1:1::2');
  expect(onFound).not.toHaveBeenCalled();
  note('5.5.5.9', '9.9.9.9');
  note('5.5.5.9', '7.7.7.7');
  expect(onFound).toHaveBeenCalledExactlyOnceWith('5.5.5.9');
  await expect.poll(() => readBrowserAddresses(directory)).toEqual(['5.5.5.9']);
});

test.each([
  ['a name', ['calls.example', '8.8.8.8', '9.9.9.9'], false],
  ['a private address', ['192.168.1.5', '8.8.8.8', '9.9.9.9'], false],
  ['an address that is known to be ours', ['5.5.5.1', '8.8.8.8', '9.9.9.9'], false],
  ['nonsense', ['5.5.5.9; x', '8.8.8.8', '9.9.9.9'], false],
  ['an address that people inside use', ['5.5.5.9', '192.168.1.7', '10.0.0.1'], false],
  ['the address of a proxy', ['5.5.5.9', '8.8.8.8', '9.9.9.9'], true],
] as const)('%s says nothing', async (_what, [host, one, other], isProxied) => {
  const { onFound, note } = await createFixture();
  note(host, one, isProxied);
  note(host, other, isProxied);
  expect(onFound).not.toHaveBeenCalled();
});

test('what was never found, or is damaged, is nothing', async () => {
  const { directory } = await createFixture();
  expect(await readBrowserAddresses(directory)).toEqual([]);
  await directory.write('reached-at', 'nonsense\n10.0.0.1\n');
  expect(await readBrowserAddresses(directory)).toEqual([]);
});
