import { createTurnClient } from '../client/turn-client.ts';
import type { Credential } from '../client/credential.ts';
import type { Feature, TurnTarget } from '../turn-target.ts';

/** A server that somebody else runs, described by environment variables; README.md lists them. */
export interface ExternalServer {
  readonly name: string;
  readonly features: readonly Feature[];
  readonly start: () => Promise<TurnTarget>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `undefined` where no server is named. @throws where one is named and cannot be aimed at. */
export function externalServer(environment: Environment): ExternalServer | undefined {
  const server = environment['TURN_SERVER'];
  if (server === undefined) return undefined;
  const url = new URL(`turn://${server}`);
  const host = url.hostname.replaceAll(/^\[|\]$/gu, '');
  const port = Number(url.port === '' ? 3478 : url.port);
  const credential = readCredential(environment, 'TURN_USER');
  const [firstPeer, secondPeer] = readList(environment, 'TURN_PEERS');
  if (credential === undefined || firstPeer === undefined || secondPeer === undefined) {
    throw new Error('TURN_SERVER needs TURN_USER=name:password and TURN_PEERS=address,address');
  }
  const described = {
    host,
    port,
    host6: environment['TURN_SERVER_IPV6'],
    credential,
    otherCredential: readCredential(environment, 'TURN_OTHER_USER'),
    sharedSecret: environment['TURN_SECRET'],
    peerHosts: [firstPeer, secondPeer] as const,
    deniedPeers: readList(environment, 'TURN_DENIED_PEERS'),
  };
  const features: readonly (Feature | false)[] = [
    described.host6 !== undefined && 'ipv6-listener',
    described.otherCredential !== undefined && 'second-user',
    described.sharedSecret !== undefined && 'shared-secret',
    described.deniedPeers.length > 0 && 'denied-peers',
    environment['TURN_IPV6_RELAY'] === 'true' && 'ipv6-relay',
  ];
  return {
    name: server,
    features: features.filter((feature) => feature !== false),
    start: async () => ({
      ...described,
      realm: environment['TURN_REALM'] ?? (await askRealm({ host, port, credential })),
      stop: () => Promise.resolve(),
    }),
  };
}

async function askRealm(server: {
  readonly host: string;
  readonly port: number;
  readonly credential: Credential;
}): Promise<string> {
  const client = await createTurnClient({ ...server, transport: 'udp' });
  const { realm } = await client.challenge();
  await client.close();
  return realm;
}

function readCredential(environment: Environment, name: string): Credential | undefined {
  const [, username, password] = /^([^:]+):(.+)$/su.exec(environment[name] ?? '') ?? [];
  return username === undefined || password === undefined ? undefined : { username, password };
}

function readList(environment: Environment, name: string): readonly string[] {
  return (environment[name] ?? '').split(',').filter((item) => item !== '');
}
