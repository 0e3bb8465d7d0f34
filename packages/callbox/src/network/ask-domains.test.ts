import { expect, test } from 'vitest';
import { askDomains } from './ask-domains.ts';

test('names that are known have addresses, the others none', async () => {
  const addresses = await askDomains(['localhost', `${'a'.repeat(70)}.example`]);
  expect(addresses.length).toBeGreaterThan(0);
  for (const address of addresses) expect(['127.0.0.1', '::1']).toContain(address);
});

test('without a name nobody is asked', async () => {
  expect(await askDomains([])).toEqual([]);
});
