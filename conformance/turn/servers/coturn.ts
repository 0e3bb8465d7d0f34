import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secondsFromNow, timeLimitedCredential } from '../client/credential.ts';
import type { ShortLifetimes, SmallLimits, TurnTarget } from '../turn-target.ts';
import { findProgram } from './find-program.ts';
import { limitedRange, PORTS } from './ports.ts';
import { startProgram } from './running-program.ts';
import { WORLD } from './test-world.ts';

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
  WORLD.deniedPeer,
  '0.0.0.0-0.255.255.255',
  '10.0.0.0-10.255.255.255',
  '100.64.0.0-100.127.255.255',
  '169.254.0.0-169.254.255.255',
  '172.16.0.0-172.31.255.255',
  '192.168.0.0-192.168.255.255',
];

const DENIED_PEERS = [
  WORLD.deniedPeer,
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
  const folder = await mkdtemp(join(tmpdir(), 'callbox-coturn-'));
  const configuration = join(folder, 'turnserver.conf');
  await writeFile(configuration, configurationLines(settings, folder).join('\n'));
  const running = await startProgram({
    path: program,
    arguments: ['-c', configuration],
    isReady: (output) => output.includes('SQLite DB connection success'),
  });
  return {
    host: WORLD.host,
    port: PORTS.coturn.listen,
    host6: WORLD.host6,
    realm: WORLD.realm,
    ...credentialsOf(settings),
    peerHosts: WORLD.peerHosts,
    deniedPeers: DENIED_PEERS,
    lifetimes: settings.lifetimes,
    limits: settings.limits,
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function credentialsOf({
  credentials,
}: CoturnSettings): Pick<TurnTarget, 'credential' | 'otherCredential' | 'sharedSecret'> {
  if (credentials === 'users') return { credential: WORLD.users[0], otherCredential: WORLD.users[1] };
  const { sharedSecret } = WORLD;
  return { credential: timeLimitedCredential(sharedSecret, secondsFromNow(3600)), sharedSecret };
}

function configurationLines(
  { credentials, isIpv4Only = false, lifetimes = {}, limits = {} }: CoturnSettings,
  folder: string,
): readonly string[] {
  const { listen } = PORTS.coturn;
  const relay = limitedRange(PORTS.coturn.relay, limits);
  return [
    `listening-port=${listen}`,
    `listening-ip=${WORLD.host}`,
    `listening-ip=${WORLD.host6}`,
    `relay-ip=${WORLD.relayHost}`,
    ...(isIpv4Only ? [] : [`relay-ip=${WORLD.host6}`]),
    `min-port=${relay.min}`,
    `max-port=${relay.max}`,
    'relay-threads=1',
    `realm=${WORLD.realm}`,
    ...(credentials === 'users'
      ? ['lt-cred-mech', ...WORLD.users.map(({ username, password }) => `user=${username}:${password}`)]
      : ['use-auth-secret', `static-auth-secret=${WORLD.sharedSecret}`]),
    ...(lifetimes.permission === undefined ? [] : [`permission-lifetime=${lifetimes.permission}`]),
    ...(lifetimes.channel === undefined ? [] : [`channel-lifetime=${lifetimes.channel}`]),
    ...(lifetimes.nonce === undefined ? [] : [`stale-nonce=${lifetimes.nonce}`]),
    ...(limits.allocationsPerUser === undefined ? [] : [`user-quota=${limits.allocationsPerUser}`]),
    'allow-loopback-peers',
    'no-multicast-peers',
    ...DENIED_RANGES.map((range) => `denied-peer-ip=${range}`),
    // Nothing listens but the ports above.
    'no-tls',
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
