import { expect, test } from 'vitest';
import { chooseRelayAddresses } from './choose-relay-addresses.ts';

const home = { loopback: ['127.0.0.1', '::1'], network: ['192.168.1.5', '172.17.0.1', 'fd00::5'] };
const dualStack = { loopback: ['127.0.0.1', '::1'], network: ['192.0.2.5', '2001:db8::5'] };

test.each([
  ['the first network address of IPv4', home, undefined, [], [['192.168.1.5', '192.168.1.5']]],
  [
    'a global IPv6 address beside it',
    dualStack,
    undefined,
    [],
    [
      ['192.0.2.5', '192.0.2.5'],
      ['2001:db8::5', '2001:db8::5'],
    ],
  ],
  [
    'the public address told in place of the private',
    home,
    undefined,
    ['203.0.113.9'],
    [['192.168.1.5', '203.0.113.9']],
  ],
  [
    'the public address itself where an interface has it',
    home,
    undefined,
    ['172.17.0.1'],
    [['172.17.0.1', '172.17.0.1']],
  ],
  [
    'a public address of each family',
    home,
    undefined,
    ['2001:db8::9', '203.0.113.9'],
    [
      ['192.168.1.5', '203.0.113.9'],
      ['fd00::5', '2001:db8::9'],
    ],
  ],
  ['the address that is listened on', home, '172.17.0.1', [], [['172.17.0.1', '172.17.0.1']]],
  ['an IPv6 address that is listened on, of whatever kind', home, 'fd00::5', [], [['fd00::5', 'fd00::5']]],
  ['all addresses behind a wildcard', home, '0.0.0.0', [], [['192.168.1.5', '192.168.1.5']]],
  [
    'loopback without a network',
    { loopback: ['127.0.0.1'], network: [] },
    undefined,
    [],
    [['127.0.0.1', '127.0.0.1']],
  ],
  [
    'loopback where a public address has nothing to map to',
    { loopback: ['127.0.0.1'], network: [] },
    undefined,
    ['203.0.113.9'],
    [['127.0.0.1', '127.0.0.1']],
  ],
])('media are relayed over %s', (_what, local, host, publicAddresses, expected) => {
  const chosen = chooseRelayAddresses({ local, host, publicAddresses });
  expect(chosen.map(({ local: own, advertised }) => [own, advertised])).toEqual(expected);
});

test('the address that the operator names relays, as the public one of its family', () => {
  const relayAddress = ['172.17.0.1', 'fd00::5'];
  expect(
    chooseRelayAddresses({ local: home, host: undefined, relayAddress, publicAddresses: ['203.0.113.9'] }),
  ).toEqual([
    { local: '172.17.0.1', advertised: '203.0.113.9' },
    { local: 'fd00::5', advertised: 'fd00::5' },
  ]);
});
