import { createTurnServer } from '../server/turn-server.ts';
import type { TurnServer, TurnServerOptions } from '../server/turn-server-options.ts';
import { at } from './addresses.ts';
import { TurnClient } from './turn-client.ts';
import { UdpEndpoint } from './udp-endpoint.ts';

export const SERVER_HOST = '127.0.0.1';
export const PEER_HOST = '127.0.0.2';
export const RELAY_HOST = '127.0.0.3';
/** Exists nowhere: no packet can come back from it. */
export const ADVERTISED_HOST = '203.0.113.9';

export const ALICE = { username: 'alice', password: 'wonderland' };
export const BOB = { username: 'bob', password: 'builder' };

interface Closable {
  close(): Promise<unknown>;
}

/** Real servers, clients and peers on loopback, which all end with the world. */
export class ServerWorld {
  readonly #leftovers: Closable[] = [];

  async start(options: Partial<TurnServerOptions> = {}): Promise<TurnServer> {
    const server = createTurnServer({
      realm: 'callbox.test',
      users: new Map([ALICE, BOB].map(({ username, password }) => [username, password])),
      listeners: [
        { transport: 'udp', address: SERVER_HOST, port: 0 },
        { transport: 'tcp', address: SERVER_HOST, port: 0 },
      ],
      relayAddresses: [{ local: RELAY_HOST, advertised: ADVERTISED_HOST }],
      relayPorts: { min: 21_500, max: 21_999 },
      allowPeers: ['127.0.0.0/8'],
      ...options,
    });
    this.#leftovers.push({ close: () => server.stop() });
    await server.start();
    return server;
  }

  async overUdp(server: TurnServer, user = ALICE): Promise<TurnClient> {
    return this.keep(await TurnClient.overUdp(at(SERVER_HOST, portOf(server, 'udp')), user));
  }

  async overTcp(server: TurnServer, user = ALICE): Promise<TurnClient> {
    return this.keep(await TurnClient.overTcp(at(SERVER_HOST, portOf(server, 'tcp')), user));
  }

  async peer(): Promise<UdpEndpoint> {
    return this.keep(await UdpEndpoint.open(PEER_HOST));
  }

  /** Closes it when the world ends. */
  keep<T extends Closable>(thing: T): T {
    this.#leftovers.push(thing);
    return thing;
  }

  async end(): Promise<void> {
    await Promise.all(this.#leftovers.splice(0).map((thing) => thing.close()));
  }
}

export function portOf(server: TurnServer, transport: 'udp' | 'tcp'): number {
  const listener = server.listeners().find((candidate) => candidate.transport === transport);
  if (listener === undefined) throw new Error(`nothing listens on ${transport}`);
  return listener.port;
}
