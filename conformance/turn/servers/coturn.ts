import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secondsFromNow, timeLimitedCredential } from '../client/credential.ts';
import type { TurnTarget } from '../turn-target.ts';
import { findProgram } from './find-program.ts';
import { PORTS } from './ports.ts';
import { startProgram } from './running-program.ts';
import { WORLD } from './test-world.ts';

/** coturn takes static users or a shared secret, not both. */
export type CoturnCredentials = 'users' | 'shared-secret';

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

export async function startCoturn(credentials: CoturnCredentials): Promise<TurnTarget> {
  const program = findProgram('turnserver');
  if (program === undefined) throw new Error('coturn is not installed');
  const ports = credentials === 'users' ? PORTS.coturn : PORTS.coturnWithSecret;
  const folder = await mkdtemp(join(tmpdir(), 'callbox-coturn-'));
  const configuration = join(folder, 'turnserver.conf');
  await writeFile(configuration, configurationLines(credentials, ports, folder).join('\n'));
  const running = await startProgram(program, ['-c', configuration], 'SQLite DB connection success');
  return {
    host: WORLD.host,
    port: ports.listen,
    host6: WORLD.host6,
    realm: WORLD.realm,
    credential:
      credentials === 'users'
        ? WORLD.users[0]
        : timeLimitedCredential(WORLD.sharedSecret, secondsFromNow(3600)),
    otherCredential: credentials === 'users' ? WORLD.users[1] : undefined,
    sharedSecret: credentials === 'users' ? undefined : WORLD.sharedSecret,
    peerHosts: WORLD.peerHosts,
    peerHost6: WORLD.host6,
    deniedPeers: DENIED_PEERS,
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configurationLines(
  credentials: CoturnCredentials,
  { listen, relay }: (typeof PORTS)['coturn' | 'coturnWithSecret'],
  folder: string,
): readonly string[] {
  return [
    `listening-port=${listen}`,
    `listening-ip=${WORLD.host}`,
    `listening-ip=${WORLD.host6}`,
    `relay-ip=${WORLD.host}`,
    `relay-ip=${WORLD.host6}`,
    `min-port=${relay.min}`,
    `max-port=${relay.max}`,
    'relay-threads=1',
    `realm=${WORLD.realm}`,
    ...(credentials === 'users'
      ? ['lt-cred-mech', ...WORLD.users.map(({ username, password }) => `user=${username}:${password}`)]
      : ['use-auth-secret', `static-auth-secret=${WORLD.sharedSecret}`]),
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
