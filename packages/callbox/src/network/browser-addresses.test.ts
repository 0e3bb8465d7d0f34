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

/** Guests of as many networks. */
const guests = (count: number): string[] => Array.from({ length: count }, (_, index) => `8.${index}.8.8`);

test('an address by which guests of four networks came is kept for the next start', async () => {
  const { directory, onFound, note } = await createFixture();
  for (const guest of ['8.8.8.8', '8.8.9.9', '8.9.0.1']) note('5.5.5.9:8080', guest);
  note('[2a00::0:9]', '2a01:1:1:1::1');
  note('[2a00::9]', '2a01:1:2:2::2');
  note('5.5.5.9:8080', '2a01:1:1:1::1');
  note('5.5.5.9:8080', '2a01:1:9:9::9');
  expect(onFound).not.toHaveBeenCalled();
  for (const guest of ['9.9.9.9', '7.7.7.7', '7.8.7.7']) note('5.5.5.9', guest);
  expect(onFound).toHaveBeenCalledExactlyOnceWith('5.5.5.9');
  await expect.poll(() => readBrowserAddresses(directory)).toEqual(['5.5.5.9']);
});

test('an address is not believed beside another of which more than a third as many tell', async () => {
  const { directory, onFound, note } = await createFixture();
  for (const guest of guests(3)) note('5.5.5.8', guest);
  for (const guest of guests(8)) note('5.5.5.9', guest);
  expect(onFound).not.toHaveBeenCalled();
  for (const guest of guests(9)) note('5.5.5.9', guest);
  expect(onFound).toHaveBeenCalledExactlyOnceWith('5.5.5.9');
  await expect.poll(() => readBrowserAddresses(directory)).toEqual(['5.5.5.9']);
});

test.each([
  ['a name', ['calls.example', guests(4)], false],
  ['a private address', ['192.168.1.5', guests(4)], false],
  ['an address that is known to be ours', ['5.5.5.1', guests(4)], false],
  ['nonsense', ['5.5.5.9; x', guests(4)], false],
  [
    'an address that people inside use',
    ['5.5.5.9', ['192.168.1.7', '10.0.0.1', '10.1.0.1', '172.16.0.1']],
    false,
  ],
  ['the address of a proxy', ['5.5.5.9', guests(4)], true],
] satisfies readonly [string, readonly [string, readonly string[]], boolean][])(
  '%s says nothing',
  async (_what, [host, sources], isProxied) => {
    const { onFound, note } = await createFixture();
    for (const source of sources) note(host, source, isProxied);
    expect(onFound).not.toHaveBeenCalled();
  },
);

test('what was never found, or is damaged, is nothing', async () => {
  const { directory } = await createFixture();
  expect(await readBrowserAddresses(directory)).toEqual([]);
  await directory.write('reached-at', 'nonsense\n10.0.0.1\n');
  expect(await readBrowserAddresses(directory)).toEqual([]);
});
