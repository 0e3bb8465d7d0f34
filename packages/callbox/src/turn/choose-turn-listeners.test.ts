import { expect, test } from 'vitest';
import { chooseTurnListeners } from './choose-turn-listeners.ts';

const local = { loopback: ['127.0.0.1', '::1'], network: ['192.0.2.5', '2001:db8::5'] };

test.each([
  [undefined, ['127.0.0.1', '::1', '192.0.2.5', '2001:db8::5']],
  ['::', ['127.0.0.1', '::1', '192.0.2.5', '2001:db8::5']],
  ['0.0.0.0', ['127.0.0.1', '192.0.2.5']],
  ['192.0.2.5', ['192.0.2.5']],
])('with --host %s, each of its addresses is listened on by itself', (host, addresses) => {
  const listeners = chooseTurnListeners(local, host, 3478);
  expect(listeners).toEqual(
    addresses.flatMap((address) => [
      { transport: 'udp', address, port: 3478 },
      { transport: 'tcp', address, port: 3478 },
    ]),
  );
});
