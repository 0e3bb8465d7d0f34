import { expect, test } from 'vitest';
import { COTURN_DIFFERENCES } from './coturn-differences.ts';
import { casesOf, declareTurnSuite, type TurnSuite } from './declare-turn-suite.ts';
import { startCoturn } from './servers/coturn.ts';
import { describeWithPrograms } from './servers/describe-with-programs.ts';

const SUITES: readonly TurnSuite[] = [
  {
    name: 'coturn with users',
    start: () => startCoturn({ credentials: 'users' }),
    transports: ['udp', 'tcp', 'tls'],
    features: ['second-user', 'ipv6-listener', 'ipv6-relay', 'denied-peers'],
    differences: COTURN_DIFFERENCES,
  },
  {
    name: 'coturn over IPv6',
    start: () => startCoturn({ credentials: 'users' }),
    isOverIpv6: true,
    features: ['second-user', 'ipv6-listener', 'ipv6-relay', 'denied-peers'],
    differences: COTURN_DIFFERENCES,
  },
  {
    name: 'coturn with a shared secret',
    start: () => startCoturn({ credentials: 'shared-secret' }),
    features: ['shared-secret'],
    only: ['shared-secret'],
    differences: COTURN_DIFFERENCES,
  },
  {
    name: 'coturn with short-lived permissions and channels',
    start: () => startCoturn({ credentials: 'users', lifetimes: { permission: 1, channel: 2 } }),
    features: ['short-lifetimes'],
    only: ['short-lifetimes'],
    differences: COTURN_DIFFERENCES,
  },
  {
    name: 'coturn with short-lived nonces',
    start: () => startCoturn({ credentials: 'users', lifetimes: { nonce: 2 } }),
    features: ['short-nonces'],
    only: ['short-nonces'],
    differences: COTURN_DIFFERENCES,
  },
  {
    name: 'coturn with a quota',
    start: () => startCoturn({ credentials: 'users', limits: { allocationsPerUser: 2 } }),
    features: ['user-quota', 'second-user'],
    only: ['user-quota'],
    differences: COTURN_DIFFERENCES,
  },
  {
    name: 'coturn with two relay ports, of IPv4 alone',
    start: () => startCoturn({ credentials: 'users', limits: { relayPorts: 2 }, isIpv4Only: true }),
    features: ['few-ports'],
    only: ['few-ports'],
    differences: COTURN_DIFFERENCES,
  },
  {
    name: 'coturn without IPv6 relays',
    start: () => startCoturn({ credentials: 'users', isIpv4Only: true }),
    features: ['no-ipv6-relay'],
    only: ['no-ipv6-relay'],
    differences: COTURN_DIFFERENCES,
  },
];

/** The suite proves itself against a server that the world has used for years. */
describeWithPrograms(['turnserver'], () => {
  for (const suite of SUITES) declareTurnSuite(suite);
});

test('every known difference is about a case that is aimed at coturn, and none is listed twice', () => {
  const aimed = new Set(SUITES.flatMap((suite) => casesOf(suite)).map(({ id }) => id));
  const listed = COTURN_DIFFERENCES.map(({ caseId }) => caseId);
  expect(listed.filter((id) => !aimed.has(id))).toEqual([]);
  expect(new Set(listed).size).toBe(listed.length);
});
