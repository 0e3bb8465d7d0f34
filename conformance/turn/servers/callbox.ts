import { once } from 'node:events';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import * as turn from '@callbox/turn';
import type { TurnLifetimes, TurnLimits, TurnServer } from '@callbox/turn';
import type { ShortLifetimes, SmallLimits, TurnTarget } from '../turn-target.ts';
import { serverCertificate } from './certificate.ts';
import { limitedRange, testWorld } from './test-world.ts';

/** Addresses to which ours does not relay unless it is told to: this machine, this network, nobody's and everybody's. */
const DENIED_PEERS: readonly string[] = [
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
];

/** Lifetimes and limits that differ from the defaults, so that a test can reach them. */
export interface CallboxSettings {
  readonly lifetimes?: ShortLifetimes;
  readonly limits?: SmallLimits;
  /** Relays of both families otherwise. */
  readonly isIpv4Only?: boolean;
  /** Processes that carry packets; with more than one it is the built library, of which a worker is a program. */
  readonly workers?: number;
}

const BUILT = new URL('../../../packages/turn/dist/index.js', import.meta.url);

/** Our server as a library, in this process; the suite still meets it on the wire alone. */
export async function startCallbox(settings: CallboxSettings = {}): Promise<TurnTarget> {
  const { isIpv4Only = false, lifetimes, limits = {}, workers = 1 } = settings;
  const world = await testWorld();
  const relayHosts = isIpv4Only ? [world.relayHost] : [world.relayHost, world.host6];
  const built = workers > 1 ? ((await import(BUILT.href)) as typeof turn) : turn;
  const server = built.createTurnServer({
    workers,
    realm: world.realm,
    users: new Map(world.users.map(({ username, password }) => [username, password])),
    sharedSecrets: [world.sharedSecret],
    listeners: [world.host, world.host6].flatMap((address) =>
      (['udp', 'tcp'] as const).map((transport) => ({ transport, address, port: world.ports.callbox })),
    ),
    relayAddresses: relayHosts.map((address) => ({ local: address, advertised: address })),
    relayPorts: limitedRange(world.ports.relay, limits),
    allowPeers: ['127.0.0.0/8', '::1/128'],
    denyPeers: [`${world.deniedPeer}/32`],
    ...(lifetimes === undefined ? {} : { lifetimes: turnLifetimes(lifetimes) }),
    limits: turnLimits(limits),
  });
  await server.start();
  const tls = await Promise.all(
    [world.host, world.host6].map((host) => listenTls(server, { host, port: world.ports.tls })),
  );
  return {
    host: world.host,
    port: world.ports.callbox,
    tlsPort: world.ports.tls,
    host6: world.host6,
    realm: world.realm,
    credential: world.users[0],
    otherCredential: world.users[1],
    sharedSecret: world.sharedSecret,
    peerHosts: world.peerHosts,
    deniedPeers: deniedPeers(world.deniedPeer),
    lifetimes,
    limits,
    stop: async () => {
      await server.stop();
      for (const listener of tls) listener.close();
    },
  };
}

/** TLS as an embedder ends it: what is inside goes to our server. */
async function listenTls(
  server: TurnServer,
  at: { readonly host: string; readonly port: number },
): Promise<TlsServer> {
  const listener = createTlsServer(await serverCertificate(), (stream) => {
    const { localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 } = stream;
    const remote = { address: remoteAddress, port: remotePort };
    server.acceptStream({
      stream,
      transport: 'tls',
      remote,
      local: { address: localAddress, port: localPort },
    });
  });
  listener.listen(at);
  await once(listener, 'listening');
  return listener;
}

/** The denied address goes first, and once more in each of IPv6's clothes for it. */
function deniedPeers(ip: string): readonly string[] {
  return [ip, ...DENIED_PEERS, `::ffff:${ip}`, `::${ip}`, `64:ff9b::${ip}`];
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

function turnLimits(limits: SmallLimits): TurnLimits {
  const { allocationsPerUser, channelsPerAllocation, permissionsPerAllocation } = limits;
  const { streamIdleMs, streamMessageMs } = limits;
  return {
    ...(allocationsPerUser === undefined ? {} : { allocationsPerUser }),
    ...(channelsPerAllocation === undefined ? {} : { channelsPerAllocation }),
    ...(permissionsPerAllocation === undefined ? {} : { permissionsPerAllocation }),
    ...(streamMessageMs === undefined ? {} : { streamMessageTimeoutMs: streamMessageMs }),
    ...(streamIdleMs === undefined ? {} : { streamIdleTimeoutMs: streamIdleMs }),
  };
}
