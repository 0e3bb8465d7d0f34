import { expect, test } from 'vitest';
import type { PortName } from '../config/value-types.ts';
import { listRelayDoors } from './list-relay-doors.ts';

const usual: Parameters<typeof listRelayDoors>[0] = {
  host: undefined,
  turnListen: [],
  turnPort: 3478,
  turnTransports: ['udp', 'tcp', 'tls'],
  proxyProtocol: [],
};

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
  expect(listRelayDoors({ ...usual, host, proxyProtocol }, ports)).toEqual([
    { transport: 'udp', host: at, port: 3478 },
    ...(tcp === undefined ? [] : [{ transport: 'tcp', host: at, port: tcp }]),
  ]);
});

test('the relay is tried where it listens, and not by UDP where it does not', () => {
  const elsewhere = { ...usual, turnListen: ['192.0.2.5', '::1'] };
  expect(listRelayDoors(elsewhere, ports)).toEqual([
    { transport: 'udp', host: '192.0.2.5', port: 3478 },
    { transport: 'tcp', host: '127.0.0.1', port: 8080 },
  ]);
  const alone = new Map<PortName, number>([['turnPort', 3478]]);
  expect(listRelayDoors({ ...elsewhere, turnTransports: ['tcp'] }, alone)).toEqual([
    { transport: 'tcp', host: '192.0.2.5', port: 3478 },
  ]);
});
