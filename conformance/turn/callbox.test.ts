import { expect, test } from 'vitest';
import { TURN_CASES } from './cases/all-cases.ts';
import { casesOf, declareTurnSuite, type TurnSuite } from './declare-turn-suite.ts';
import { startCallbox } from './servers/callbox.ts';

const SUITES: readonly TurnSuite[] = [
  {
    name: 'Callbox',
    start: () => startCallbox(),
    transports: ['udp', 'tcp', 'tls'],
    features: ['second-user', 'shared-secret', 'ipv6-listener', 'ipv6-relay', 'denied-peers'],
  },
  {
    name: 'Callbox with two workers',
    start: () => startCallbox({ workers: 2 }),
    transports: ['udp', 'tcp'],
    features: ['second-user', 'shared-secret', 'ipv6-listener', 'ipv6-relay', 'denied-peers'],
  },
  {
    name: 'Callbox over IPv6',
    start: () => startCallbox(),
    isOverIpv6: true,
    features: ['second-user', 'shared-secret', 'ipv6-listener', 'ipv6-relay', 'denied-peers'],
  },
  {
    name: 'Callbox with short-lived permissions and channels',
    start: () => startCallbox({ lifetimes: { permission: 1, channel: 2, channelHold: 1 } }),
    features: ['short-lifetimes', 'channel-hold'],
    only: ['short-lifetimes'],
  },
  {
    name: 'Callbox with short-lived permissions and channels and two workers',
    start: () => startCallbox({ workers: 2, lifetimes: { permission: 1, channel: 2, channelHold: 1 } }),
    features: ['short-lifetimes', 'channel-hold'],
    only: ['short-lifetimes'],
  },
  {
    name: 'Callbox with short-lived allocations',
    start: () => startCallbox({ lifetimes: { allocation: 2 } }),
    features: ['short-allocations'],
    only: ['short-allocations'],
  },
  {
    name: 'Callbox with short-lived nonces',
    start: () => startCallbox({ lifetimes: { nonce: 2 } }),
    features: ['short-nonces'],
    only: ['short-nonces'],
  },
  {
    name: 'Callbox with small limits',
    start: () =>
      startCallbox({
        limits: {
          allocationsPerUser: 2,
          permissionsPerAllocation: 3,
          channelsPerAllocation: 2,
          streamMessageMs: 1000,
          streamIdleMs: 1500,
        },
      }),
    features: ['user-quota', 'second-user', 'small-tables', 'stream-timeouts'],
    only: ['user-quota', 'small-tables', 'stream-timeouts'],
  },
  {
    name: 'Callbox with two relay ports, of IPv4 alone',
    start: () => startCallbox({ limits: { relayPorts: 2 }, isIpv4Only: true }),
    features: ['few-ports'],
    only: ['few-ports'],
  },
  {
    name: 'Callbox without IPv6 relays',
    start: () => startCallbox({ isIpv4Only: true }),
    features: ['no-ipv6-relay'],
    only: ['no-ipv6-relay'],
  },
];

for (const suite of SUITES) declareTurnSuite(suite);

test('every case is aimed at Callbox, and no two share an id', () => {
  const ids = TURN_CASES.map(({ id }) => id);
  const aimed = new Set(SUITES.flatMap((suite) => casesOf(suite)).map(({ id }) => id));
  expect([...aimed].sort()).toEqual(ids.toSorted());
});
