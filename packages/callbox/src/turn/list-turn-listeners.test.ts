import { expect, test } from 'vitest';
import { listTurnListeners, type ListenChoice } from './list-turn-listeners.ts';

const dualStack = { loopback: ['127.0.0.1', '::1'], network: ['192.0.2.5', '2001:db8::5'] };
const onlyIPv4 = { loopback: ['127.0.0.1'], network: ['192.0.2.5'] };
const usual: ListenChoice = {
  host: undefined,
  turnListen: [],
  turnPort: 3478,
  turnTransports: ['udp', 'tcp', 'tls'],
};

test.each<[Partial<ListenChoice>, typeof dualStack, readonly string[]]>([
  [{}, dualStack, ['0.0.0.0', '::']],
  [{ host: '::' }, dualStack, ['0.0.0.0', '::']],
  [{ host: '0.0.0.0' }, dualStack, ['0.0.0.0']],
  [{ host: '192.0.2.5' }, dualStack, ['192.0.2.5']],
  [{}, onlyIPv4, ['0.0.0.0']],
  [{ turnListen: ['192.0.2.5', '::1'] }, dualStack, ['192.0.2.5', '::1']],
  [{ host: '127.0.0.1', turnListen: ['192.0.2.5'] }, dualStack, ['192.0.2.5']],
  [{ turnTransports: ['tcp', 'tls'] }, dualStack, []],
])('with %j on %j, UDP is served on %j', (choice, local, addresses) => {
  expect(listTurnListeners(local, { ...usual, ...choice })).toEqual(
    addresses.map((address) => ({ transport: 'udp', address, port: 3478 })),
  );
});
