import { expect, test } from 'vitest';
import { checkRelayAddresses } from './check-relay-addresses.ts';

test('an address of this machine relays, another one is refused before anything starts', async () => {
  await expect(checkRelayAddresses(['127.0.0.1'])).resolves.toBeUndefined();
  await expect(checkRelayAddresses(['127.0.0.1', '203.0.113.77'])).rejects.toThrow(
    '--relay-address 203.0.113.77: this machine has no such address',
  );
});
