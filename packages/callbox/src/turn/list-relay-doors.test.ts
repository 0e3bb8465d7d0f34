import { expect, test } from 'vitest';
import type { PortName } from '../config/value-types.ts';
import { listRelayDoors } from './list-relay-doors.ts';

const ports = new Map<PortName, number>([
  ['port', 8080],
  ['signalPort', 8888],
  ['turnPort', 3478],
]);

test.each<[string, string | undefined, readonly PortName[], string, number | undefined]>([
  ['loopback and the one port', undefined, [], '127.0.0.1', 8080],
  ['the address that is listened on', '192.0.2.7', [], '192.0.2.7', 8080],
  ['a port to which no proxy speaks in its own way', '0.0.0.0', ['port', 'signalPort'], '127.0.0.1', 3478],
  [
    'UDP alone where proxies have every port',
    '::',
    ['port', 'signalPort', 'turnPort'],
    '127.0.0.1',
    undefined,
  ],
])('the relay is tried by %s', (_what, host, proxyProtocol, at, tcp) => {
  expect(listRelayDoors({ host, turnPort: 3478, proxyProtocol }, ports)).toEqual([
    { transport: 'udp', host: at, port: 3478 },
    ...(tcp === undefined ? [] : [{ transport: 'tcp', host: at, port: tcp }]),
  ]);
});
