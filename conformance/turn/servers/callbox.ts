import { createTurnServer, type TurnLifetimes, type TurnLimits } from '@callbox/turn';
import type { ShortLifetimes, SmallLimits, TurnTarget } from '../turn-target.ts';
import { PORTS } from './ports.ts';
import { WORLD } from './test-world.ts';

/** Addresses to which ours does not relay unless it is told to: this machine, this network, nobody's and everybody's. */
const DENIED_PEERS: readonly string[] = [
  WORLD.deniedPeer,
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.0.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.1.1.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::ffff:10.0.0.1',
  '::10.0.0.1',
  '64:ff9b::a00:1',
  '2002:a00:1::1',
  '2001::1',
  '100::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '2001:db8::1',
  `::ffff:${WORLD.deniedPeer}`,
  '64:ff9b::7f00:42',
  '2002:7f00:42::1',
];

/** Lifetimes and limits that differ from the defaults, so that a test can reach them. */
export interface CallboxSettings {
  readonly lifetimes?: ShortLifetimes;
  readonly limits?: Required<SmallLimits>;
}

/** Our server as a library, in this process; the suite still meets it on the wire alone. */
export async function startCallbox({ lifetimes, limits }: CallboxSettings = {}): Promise<TurnTarget> {
  const { listen, relay } = PORTS.callbox;
  const server = createTurnServer({
    realm: WORLD.realm,
    users: new Map(WORLD.users.map(({ username, password }) => [username, password])),
    sharedSecrets: [WORLD.sharedSecret],
    listeners: [WORLD.host, WORLD.host6].flatMap((address) =>
      (['udp', 'tcp'] as const).map((transport) => ({ transport, address, port: listen })),
    ),
    relayAddresses: [WORLD.relayHost, WORLD.host6].map((address) => ({
      local: address,
      advertised: address,
    })),
    relayPorts: relay,
    allowPeers: ['127.0.0.0/8', '::1/128'],
    denyPeers: [`${WORLD.deniedPeer}/32`],
    ...(lifetimes === undefined ? {} : { lifetimes: turnLifetimes(lifetimes) }),
    ...(limits === undefined ? {} : { limits: turnLimits(limits) }),
  });
  await server.start();
  return {
    host: WORLD.host,
    port: listen,
    host6: WORLD.host6,
    realm: WORLD.realm,
    credential: WORLD.users[0],
    otherCredential: WORLD.users[1],
    sharedSecret: WORLD.sharedSecret,
    peerHosts: WORLD.peerHosts,
    deniedPeers: DENIED_PEERS,
    lifetimes,
    limits,
    stop: () => server.stop(),
  };
}

function turnLifetimes({
  allocation,
  channel,
  channelHold,
  nonce,
  permission,
}: ShortLifetimes): TurnLifetimes {
  return {
    ...(allocation === undefined ? {} : { defaultAllocationSeconds: allocation }),
    ...(permission === undefined ? {} : { permissionSeconds: permission }),
    ...(channel === undefined ? {} : { channelSeconds: channel }),
    ...(channelHold === undefined ? {} : { channelHoldSeconds: channelHold }),
    ...(nonce === undefined ? {} : { nonceSeconds: nonce }),
  };
}

function turnLimits(limits: Required<SmallLimits>): TurnLimits {
  const { allocationsPerUser, channelsPerAllocation, permissionsPerAllocation } = limits;
  return {
    allocationsPerUser,
    channelsPerAllocation,
    permissionsPerAllocation,
    streamMessageTimeoutMs: limits.streamMessageMs,
    streamIdleTimeoutMs: limits.streamIdleMs,
  };
}
