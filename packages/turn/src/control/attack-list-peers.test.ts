import { describe, expect, test } from 'vitest';
import { additionalAddressFamily } from '../codec/additional-address-family.ts';
import { channelNumber } from '../codec/channel-number.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { xorPeerAddress } from '../codec/xor-peer-address.ts';
import { at } from '../testing/addresses.ts';
import { ControlWorld, type WorldClient, type WorldOptions } from '../testing/control-world.ts';
import { refusal } from '../testing/refusal.ts';
import { attribute } from '../testing/request.ts';
import type { Response } from '../testing/response.ts';

/** The entries P of the list of attacks that control decides; see conformance/attack-list. */

interface Stage {
  readonly world: ControlWorld;
  readonly alice: WorldClient;
}

/** Alice has relays of both families. */
function bothFamilies(options: WorldOptions = {}): Stage {
  const world = new ControlWorld(options);
  const alice = world.client();
  expect(alice.allocate([attribute(additionalAddressFamily, 6)]).code).toBe(0);
  return { world, alice };
}

/** Alice has a relay of IPv4. */
function ipv4Alone(): Stage {
  const world = new ControlWorld();
  const alice = world.client();
  expect(alice.allocate().code).toBe(0);
  return { world, alice };
}

function permit({ alice }: Stage, peers: string): Response {
  const attributes = peers.split(' ').map((peer) => attribute(xorPeerAddress, at(peer, 9)));
  return alice.request(TURN_METHOD.createPermission, attributes);
}

function bind({ alice }: Stage, peer: string, port = 9): Response {
  return alice.request(TURN_METHOD.channelBind, [
    attribute(channelNumber, 0x4000),
    attribute(xorPeerAddress, at(peer, port)),
  ]);
}

const WAYS = [
  ['CreatePermission', permit],
  ['ChannelBind', (stage: Stage, peer: string): Response => bind(stage, peer)],
] as const;

/** What nobody may reach by default, and a neighbour whom everybody may. */
const BLOCKS: readonly (readonly [string, string, readonly string[], string])[] = [
  ['P1', 'loopback', ['127.0.0.1', '127.255.255.254'], '126.255.255.254'],
  ['P2', 'this network', ['0.0.0.0', '0.1.2.3'], '1.1.2.3'],
  ['P3', 'IPv6 loopback and no address', ['::1', '::'], '2a00::1'],
  [
    'P4',
    'IPv4 in clothes of IPv6',
    ['::ffff:127.0.0.1', '::127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::1', '2001:0:7f00:1::1'],
    '2a00::7f00:1',
  ],
  ['P6', 'metadata and link-local', ['169.254.169.254', 'fd00:ec2::254', 'fe80::1'], '169.253.169.254'],
  [
    'P7',
    'private, shared and other special blocks',
    [
      '10.0.0.2',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.0.1',
      '100.64.0.1',
      '192.0.0.1',
      '198.18.0.1',
      'fc00::1',
      'fec0::1',
      '100::1',
    ],
    '172.32.0.1',
  ],
  [
    'P8',
    'multicast, broadcast and reserved',
    ['224.0.0.1', '239.1.1.1', '255.255.255.255', '240.0.0.1', 'ff02::1'],
    '223.0.0.1',
  ],
];

describe.each(WAYS)('the attack list: %s', (way, send) => {
  for (const [id, what, faults, twin] of BLOCKS) {
    refusal(id, `${way} to ${what}`, { expect: 403, faults, twin, stage: bothFamilies, send });
  }

  refusal('P5', `${way} to an IPv6 address on an IPv4 relay, IPv4 inside it or not`, {
    expect: 443,
    faults: ['::ffff:10.0.0.1', '::ffff:8.8.8.8', '2a00::1'],
    twin: '8.8.8.8',
    stage: ipv4Alone,
    send,
  });

  refusal('P12', `${way} into a denied block that ends within an octet`, {
    expect: 403,
    faults: ['2a00:1::8001', '2a00:1::ff00', '2a00:1::ffff'],
    twin: '2a00:1::7fff',
    stage: () => bothFamilies({ denyPeers: ['2a00:1::8000/113'] }),
    send,
  });

  refusal('P16', `${way} out of the one private network that is allowed`, {
    expect: 403,
    faults: ['10.0.1.5', '169.254.169.254', '192.168.0.5'],
    twin: '10.0.0.5',
    stage: () => bothFamilies({ allowPeers: ['10.0.0.0/24'] }),
    send,
  });
});

describe('the attack list: peers', () => {
  refusal('P9', 'ChannelBind to a service of this machine', {
    expect: 403,
    faults: ['203.0.113.1 3478', '10.0.0.1 3478', '203.0.113.1 8080', '198.51.100.200 8080'],
    twin: '203.0.113.1 50123',
    stage: () => bothFamilies({ allowPeers: ['198.51.100.200/32'] }),
    send: (stage, variant) => {
      const [peer = '', port] = variant.split(' ');
      return bind(stage, peer, Number(port));
    },
  });

  test('P9 CreatePermission knows no ports: it permits the address, and each packet is looked at', () => {
    expect(permit(bothFamilies(), '203.0.113.1').code).toBe(0);
  });

  test('P10 ChannelBind to a living relay of this server, in both spellings', () => {
    const { world, alice } = bothFamilies();
    const bob = world.client({ username: 'bob', password: 'builder', remote: at('198.51.100.2', 1) });
    expect(bob.allocate().code).toBe(0);
    const port = bob.allocation?.ports[0]?.port ?? 0;
    expect(bind({ world, alice }, '203.0.113.1', port).code).toBe(0);
    expect(bind({ world, alice: bob }, '10.0.0.1', alice.allocation?.ports[0]?.port).code).toBe(0);
  });

  refusal('P11', 'CreatePermission with one forbidden peer among good ones permits none', {
    expect: 403,
    faults: ['8.8.8.8 10.0.0.7', '10.0.0.7 8.8.8.8', '8.8.8.8 9.9.9.9 fe80::1'],
    twin: '8.8.8.8 9.9.9.9',
    stage: bothFamilies,
    send: permit,
  });

  refusal('P14', 'ChannelBind to port 0', {
    expect: 400,
    faults: ['0'],
    twin: '1',
    stage: bothFamilies,
    send: (stage, port) => bind(stage, '8.8.8.8', Number(port)),
  });

  test('P14 CreatePermission to port 0 is no fault: ports do not count', () => {
    const { alice } = bothFamilies();
    const peer = attribute(xorPeerAddress, at('8.8.8.8', 0));
    expect(alice.request(TURN_METHOD.createPermission, [peer]).code).toBe(0);
  });
});
