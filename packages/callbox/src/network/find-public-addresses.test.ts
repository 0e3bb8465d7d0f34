import { expect, test, vi } from 'vitest';
import { findPublicAddresses, type PublicAddressSources } from './find-public-addresses.ts';

const nobody: PublicAddressSources = {
  configured: [],
  askDomains: () => Promise.resolve([]),
  interfaces: ['192.168.1.5', 'fd00::5'],
  askCloud: undefined,
  usedByBrowsers: [],
};
const everybody: PublicAddressSources = {
  configured: ['203.0.113.1'],
  askDomains: () => Promise.resolve(['5.5.5.2', '2a00::2']),
  interfaces: ['192.168.1.5', '5.5.5.3', '2a00::3'],
  askCloud: () => Promise.resolve(['5.5.5.4']),
  usedByBrowsers: ['5.5.5.5', '2a00::5'],
};

test('of each family the first that somebody tells is believed, in the order of who knows best', async () => {
  const orders: Partial<PublicAddressSources>[] = [
    {},
    { configured: [] },
    { askDomains: () => Promise.resolve(['192.168.7.7']) },
    { interfaces: [] },
    { askCloud: undefined },
    { usedByBrowsers: [] },
  ];
  const sources = { ...everybody };
  const told: (readonly string[])[] = [];
  for (const change of orders) {
    Object.assign(sources, change);
    told.push((await findPublicAddresses(sources)).map(({ address, origin }) => `${origin} ${address}`));
  }
  expect(told).toEqual([
    ['configuration 203.0.113.1', 'domain 2a00::2'],
    ['domain 5.5.5.2', 'domain 2a00::2'],
    ['interface 5.5.5.3', 'interface 2a00::3'],
    ['cloud 5.5.5.4', 'browsers 2a00::5'],
    ['browsers 5.5.5.5', 'browsers 2a00::5'],
    [],
  ]);
});

test('where nobody knows, nothing is believed', async () => {
  expect(await findPublicAddresses(nobody)).toEqual([]);
});

test('the cloud is asked only if nobody before it knows', async () => {
  const askCloud = vi.fn(() => Promise.resolve([]));
  await findPublicAddresses({ ...nobody, interfaces: ['5.5.5.3'], askCloud });
  expect(askCloud).not.toHaveBeenCalled();
  await findPublicAddresses({ ...nobody, interfaces: ['2a00::3'], askCloud });
  expect(askCloud).toHaveBeenCalledOnce();
});

test('a name with several addresses does not make the belief go to and fro', async () => {
  const askDomains = vi.fn(() => Promise.resolve(['5.5.5.2', '5.5.5.3']));
  const before = await findPublicAddresses({ ...nobody, askDomains });
  askDomains.mockResolvedValue(['5.5.5.3', '5.5.5.2', '2a00::2']);
  const after = await findPublicAddresses({ ...nobody, askDomains, before });
  expect(after.map(({ address }) => address)).toEqual(['5.5.5.2', '2a00::2']);
  askDomains.mockResolvedValue(['5.5.5.3']);
  expect(await findPublicAddresses({ ...nobody, askDomains, before: after })).toEqual([
    { address: '5.5.5.3', origin: 'domain' },
  ]);
});

test('a resolver or a cloud that says nothing for a while leaves the belief as it was', async () => {
  const nothing = () => Promise.resolve([]);
  const before = [
    { address: '5.5.5.4', origin: 'cloud' },
    { address: '2a00::2', origin: 'domain' },
  ] as const;
  const silent = { ...nobody, askDomains: nothing, askCloud: nothing, before };
  expect(await findPublicAddresses(silent)).toEqual([before[1], before[0]]);
  expect(await findPublicAddresses({ ...silent, interfaces: ['5.5.5.3'] })).toEqual([
    before[1],
    { address: '5.5.5.3', origin: 'interface' },
  ]);
});
