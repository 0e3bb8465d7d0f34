import { createTurnServer } from '@callbox/turn';
import { expect, test } from 'vitest';
import { sentOctets } from './sent-octets.ts';

test('what goes out counts with its headers, what comes in does not', () => {
  const counters = {
    bytes_to_clients_udp: 1_000,
    packets_to_clients_udp: 1,
    bytes_to_clients_tls: 200,
    packets_to_clients_tls: 2,
    bytes_to_peers: 30,
    packets_to_peers: 3,
    bytes_from_clients_udp: 1e9,
    packets_joined: 7,
  };
  expect(sentOctets(counters)).toBe(1_230 + 6 * 28);
  expect(sentOctets({})).toBe(0);
});

test('the counters it reads are those the relay has', () => {
  const server = createTurnServer({
    realm: 'callbox',
    listeners: [],
    relayAddresses: [],
    relayPorts: { min: 61_000, max: 65_535 },
  });
  const ones = Object.fromEntries(Object.keys(server.counters()).map((name) => [name, 1]));
  expect(sentOctets(ones)).toBe(4 + 4 * 28);
});
