import { expect, test } from 'vitest';
import { listTurnListeners } from './list-turn-listeners.ts';

const dualStack = { loopback: ['127.0.0.1', '::1'], network: ['192.0.2.5', '2001:db8::5'] };
const onlyIPv4 = { loopback: ['127.0.0.1'], network: ['192.0.2.5'] };

test.each([
  [undefined, dualStack, ['0.0.0.0', '::']],
  ['::', dualStack, ['0.0.0.0', '::']],
  ['0.0.0.0', dualStack, ['0.0.0.0']],
  ['192.0.2.5', dualStack, ['192.0.2.5']],
  [undefined, onlyIPv4, ['0.0.0.0']],
])('with --host %s on %j, UDP is served on %j', (host, local, addresses) => {
  expect(listTurnListeners(local, host, 3478)).toEqual(
    addresses.map((address) => ({ transport: 'udp', address, port: 3478 })),
  );
});
