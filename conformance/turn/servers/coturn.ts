import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secondsFromNow, timeLimitedCredential } from '../client/credential.ts';
import type { ShortLifetimes, SmallLimits, TurnTarget } from '../turn-target.ts';
import { serverCertificate } from './certificate.ts';
import { findProgram } from './find-program.ts';
import { startProgram } from './running-program.ts';
import { limitedRange, testWorld, type TestWorld } from './test-world.ts';

export interface CoturnSettings {
  /** coturn takes static users or a shared secret, not both. */
  readonly credentials: 'users' | 'shared-secret';
  readonly lifetimes?: Pick<ShortLifetimes, 'permission' | 'channel' | 'nonce'>;
  readonly limits?: Pick<SmallLimits, 'allocationsPerUser' | 'relayPorts'>;
  /** Relays of both families otherwise. */
  readonly isIpv4Only?: boolean;
}

/** Blocks that coturn relays to unless it is told not to; denied here so that both servers are asked the same. */
const DENIED_RANGES = [
  '0.0.0.0-0.255.255.255',
  '10.0.0.0-10.255.255.255',
  '100.64.0.0-100.127.255.255',
  '169.254.0.0-169.254.255.255',
  '172.16.0.0-172.31.255.255',
  '192.168.0.0-192.168.255.255',
];

const DENIED_PEERS = [
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '192.168.0.1',
  '224.0.0.1',
  '239.1.1.1',
];

export async function startCoturn(settings: CoturnSettings): Promise<TurnTarget> {
  const program = findProgram('turnserver');
  if (program === undefined) throw new Error('coturn is not installed');
  const world = await testWorld();
  const folder = await mkdtemp(join(tmpdir(), 'callbox-coturn-'));
  const configuration = join(folder, 'turnserver.conf');
  await writeFile(configuration, configurationLines(settings, world, folder).join('\n'));
  const { key, cert } = await serverCertificate();
  await writeFile(join(folder, 'key.pem'), key);
  await writeFile(join(folder, 'cert.pem'), cert);
  const running = await startProgram({
    path: program,
    arguments: ['-c', configuration],
    isReady: (output) => output.includes('SQLite DB connection success'),
  });
  return {
    host: world.host,
    port: world.ports.coturn,
    tlsPort: world.ports.tls,
    host6: world.host6,
    realm: world.realm,
    ...credentialsOf(settings, world),
    peerHosts: world.peerHosts,
    deniedPeers: [world.deniedPeer, ...DENIED_PEERS],
    lifetimes: settings.lifetimes,
    limits: settings.limits,
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function credentialsOf(
  { credentials }: CoturnSettings,
  { sharedSecret, users }: TestWorld,
): Pick<TurnTarget, 'credential' | 'otherCredential' | 'sharedSecret'> {
  if (credentials === 'users') return { credential: users[0], otherCredential: users[1] };
  return { credential: timeLimitedCredential(sharedSecret, secondsFromNow(3600)), sharedSecret };
}

function configurationLines(
  { credentials, isIpv4Only = false, lifetimes = {}, limits = {} }: CoturnSettings,
  world: TestWorld,
  folder: string,
): readonly string[] {
  const relay = limitedRange(world.ports.relay, limits);
  return [
    `listening-port=${world.ports.coturn}`,
    `listening-ip=${world.host}`,
    `listening-ip=${world.host6}`,
    `relay-ip=${world.relayHost}`,
    ...(isIpv4Only ? [] : [`relay-ip=${world.host6}`]),
    `min-port=${relay.min}`,
    `max-port=${relay.max}`,
    'relay-threads=1',
    `realm=${world.realm}`,
    ...(credentials === 'users'
      ? ['lt-cred-mech', ...world.users.map(({ username, password }) => `user=${username}:${password}`)]
      : ['use-auth-secret', `static-auth-secret=${world.sharedSecret}`]),
    ...(lifetimes.permission === undefined ? [] : [`permission-lifetime=${lifetimes.permission}`]),
    ...(lifetimes.channel === undefined ? [] : [`channel-lifetime=${lifetimes.channel}`]),
    ...(lifetimes.nonce === undefined ? [] : [`stale-nonce=${lifetimes.nonce}`]),
    ...(limits.allocationsPerUser === undefined ? [] : [`user-quota=${limits.allocationsPerUser}`]),
    'allow-loopback-peers',
    'no-multicast-peers',
    `denied-peer-ip=${world.deniedPeer}`,
    ...DENIED_RANGES.map((range) => `denied-peer-ip=${range}`),
    `tls-listening-port=${world.ports.tls}`,
    `cert=${join(folder, 'cert.pem')}`,
    `pkey=${join(folder, 'key.pem')}`,
    // Nothing listens but the ports above.
    'no-dtls',
    'no-cli',
    'no-rfc5780',
    // Small answers, as ours.
    'no-stun-backward-compatibility',
    'response-origin-only-with-rfc5780',
    'no-software-attribute',
    'simple-log',
    'log-file=stdout',
    `pidfile=${join(folder, 'pid')}`,
    `userdb=${join(folder, 'users.sqlite')}`,
    '',
  ];
}
