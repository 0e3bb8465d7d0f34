import { describe, expect, test } from 'vitest';
import { createTurnServer } from './turn-server.ts';
import type { TurnServerOptions } from './turn-server-options.ts';
import { TurnOptionsError } from './turn-options-error.ts';

const OPTIONS: TurnServerOptions = {
  realm: 'callbox.test',
  listeners: [],
  relayAddresses: [{ local: '10.0.0.1', advertised: '203.0.113.1' }],
  relayPorts: { min: 61_000, max: 65_535 },
};

const WRONG: readonly (readonly [string, string, Partial<TurnServerOptions>])[] = [
  ['an empty realm', 'INVALID_REALM', { realm: '' }],
  ['a realm too long', 'INVALID_REALM', { realm: 'x'.repeat(128) }],
  ['no process to carry packets', 'INVALID_LIMIT', { workers: 0 }],
  ['more processes than anybody has cores', 'INVALID_LIMIT', { workers: 65 }],
  ['a short nonce key', 'INVALID_NONCE_KEY', { nonceKey: new Uint8Array(15) }],
  [
    'a name to listen on',
    'INVALID_LISTEN_ADDRESS',
    { listeners: [{ transport: 'udp', address: 'localhost', port: 3478 }] },
  ],
  [
    'a port that is none',
    'INVALID_LISTEN_ADDRESS',
    { listeners: [{ transport: 'tcp', address: '127.0.0.1', port: 65_536 }] },
  ],
  [
    'a wildcard for relays',
    'INVALID_RELAY_ADDRESS',
    { relayAddresses: [{ local: '0.0.0.0', advertised: '203.0.113.1' }] },
  ],
  [
    'a wildcard to advertise',
    'INVALID_RELAY_ADDRESS',
    { relayAddresses: [{ local: '10.0.0.1', advertised: '::' }] },
  ],
  [
    'a name for relays',
    'INVALID_RELAY_ADDRESS',
    { relayAddresses: [{ local: 'eth0', advertised: '203.0.113.1' }] },
  ],
  [
    'two families in one',
    'INVALID_RELAY_ADDRESS',
    { relayAddresses: [{ local: '10.0.0.1', advertised: '2001:db8::1' }] },
  ],
  [
    'two addresses of one family',
    'INVALID_RELAY_ADDRESS',
    {
      relayAddresses: [
        { local: '10.0.0.1', advertised: '10.0.0.1' },
        { local: '10.0.0.2', advertised: '10.0.0.2' },
      ],
    },
  ],
  ['relay ports that are well known', 'INVALID_RELAY_PORTS', { relayPorts: { min: 1023, max: 65_535 } }],
  ['relay ports beyond the last', 'INVALID_RELAY_PORTS', { relayPorts: { min: 61_000, max: 65_536 } }],
  ['relay ports the wrong way round', 'INVALID_RELAY_PORTS', { relayPorts: { min: 61_001, max: 61_000 } }],
  ['a malformed block to allow', 'INVALID_CIDR', { allowPeers: ['10.0.0.0/8', '10.0.0.0/40'] }],
  ['a malformed block to deny', 'INVALID_CIDR', { denyPeers: ['10.0.0'] }],
  ['a user without a password', 'INVALID_CREDENTIALS', { users: new Map([['alice', '']]) }],
  ['a user without a name', 'INVALID_CREDENTIALS', { users: new Map([['', 'wonderland']]) }],
  ['an empty secret', 'INVALID_CREDENTIALS', { sharedSecrets: ['between us', ''] }],
  ['a limit that is no number', 'INVALID_LIMIT', { limits: { allocationsPerUser: Number.NaN } }],
  ['a limit below nothing', 'INVALID_LIMIT', { limits: { allocationsTotal: -1 } }],
  ['half a rate', 'INVALID_LIMIT', { limits: { strangerAnswers: { burst: 300, perSecond: Number.NaN } } }],
  ['a lifetime that is no number', 'INVALID_LIMIT', { lifetimes: { nonceSeconds: Number.NaN } }],
];

describe('options', () => {
  test('that are right make a server', () => {
    expect(createTurnServer(OPTIONS).gauges().allocations).toBe(0);
  });

  test('may set no limit, or no room at all', () => {
    const limits = { allocationsPerUser: Infinity, clientSockets: 0 };
    expect(createTurnServer({ ...OPTIONS, limits }).gauges().allocations).toBe(0);
  });

  test.each(WRONG)('with %s are refused as %s', (_name, code, change) => {
    const create = (): unknown => createTurnServer({ ...OPTIONS, ...change });
    expect(create).toThrow(TurnOptionsError);
    expect(create).toThrow(expect.objectContaining({ code }));
  });

  test('that are refused say what was wrong', () => {
    const create = (): unknown => createTurnServer({ ...OPTIONS, denyPeers: ['10.0.0.5/8'] });
    expect(create).toThrow(
      '"10.0.0.5/8" is not a block of addresses: bits behind the prefix are set; 10.0.0.0/8',
    );
  });
});
