import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { TransportAddress } from '@callbox/stun';
import { afterEach, describe, expect, test } from 'vitest';
import { timeLimitedPassword } from '../auth/credential-store.ts';
import { at } from '../testing/addresses.ts';
import { octetsOf } from '../testing/media.ts';
import { portOf, SERVER_HOST, ServerWorld } from '../testing/server-world.ts';
import { TurnClient } from '../testing/turn-client.ts';
import type { TurnServer } from './turn-server-options.ts';

const SECRET = 'between us';
const ROOMS = 3;
const GUESTS = 8;
/** One to each other guest. */
const CONNECTIONS = GUESTS - 1;
const TRANSPORTS = ['udp', 'tcp', 'tls'] as const;
/** Each guest has two. */
const NETWORKS = [1, 2] as const;
const ALLOCATIONS = ROOMS * GUESTS * CONNECTIONS * TRANSPORTS.length * NETWORKS.length;

const world = new ServerWorld();

afterEach(() => world.end());

/** The address from which somebody on a network comes. */
type HostOf = (network: number) => string;

interface Held {
  readonly client: TurnClient;
  readonly relayed: TransportAddress;
}

/** A port on which a program ends TLS and hands the streams on; that what it ends is TLS does not matter here. */
async function startTlsPort(server: TurnServer): Promise<number> {
  const program = createServer((socket) => {
    const { remoteAddress = '', remotePort = 0 } = socket;
    const remote = { address: remoteAddress, port: remotePort };
    server.acceptStream({
      stream: socket,
      transport: 'tls',
      remote,
      local: { address: SERVER_HOST, port: 443 },
    });
  });
  program.listen({ port: 0, host: SERVER_HOST, backlog: 4096 });
  await once(program, 'listening');
  world.keep({ close: () => Promise.resolve(program.close()) });
  return (program.address() as AddressInfo).port;
}

/** What one guest's browser does when the page is loaded: all its allocations, each with credentials of this load. */
async function loadPage(
  ports: Readonly<Record<(typeof TRANSPORTS)[number], number>>,
  guest: { readonly room: number; readonly name: number; readonly load: number; readonly hostOf: HostOf },
): Promise<readonly Held[]> {
  const expiry = Math.floor(Date.now() / 1000) + 3600 + guest.load;
  const username = `${expiry}:room-${guest.room}.guest-${guest.name}`;
  const user = { username, password: timeLimitedPassword(SECRET, username) };
  const allocate = async (network: number, transport: (typeof TRANSPORTS)[number]): Promise<Held> => {
    const host = guest.hostOf(network);
    const server = at(SERVER_HOST, ports[transport]);
    const opened =
      transport === 'udp'
        ? TurnClient.overUdp(server, user, 0, host)
        : TurnClient.overTcp(server, user, host);
    const client = world.keep(await opened);
    return { client, relayed: await client.allocate() };
  };
  return Promise.all(
    Array.from({ length: CONNECTIONS }, () =>
      NETWORKS.flatMap((network) => TRANSPORTS.map((transport) => allocate(network, transport))),
    ).flat(),
  );
}

describe('three rooms of eight, every guest on two networks', () => {
  test.each<[string, (room: number) => HostOf]>([
    ['each room in an office of its own', (room) => (network) => `127.${network}.0.${room}`],
    ['all of it from one address', () => () => '127.1.0.1'],
  ])(
    'all reload at once, %s, their old allocations still alive: no 486, no 508',
    async (_where, place) => {
      const server = await world.start({
        users: new Map(),
        sharedSecrets: [SECRET],
        relayPorts: { min: 61_000, max: 65_535 },
      });
      const ports = {
        udp: portOf(server, 'udp'),
        tcp: portOf(server, 'tcp'),
        tls: await startTlsPort(server),
      };
      const everybody = Array.from({ length: ROOMS * GUESTS }, (_guest, index) => ({
        room: 1 + (index % ROOMS),
        name: Math.floor(index / ROOMS),
      }));
      let reloaded: readonly (readonly Held[])[] = [];
      for (const load of [1, 2]) {
        reloaded = await Promise.all(
          everybody.map((guest) => loadPage(ports, { ...guest, load, hostOf: place(guest.room) })),
        );
        expect(new Set(reloaded.flat().map(({ relayed }) => relayed.port)).size).toBe(ALLOCATIONS);
        expect(server.gauges()).toMatchObject({ allocations: ALLOCATIONS * load, relay_sockets: 0 });
      }
      expect(server.counters()).toMatchObject({
        allocations_created: 2 * ALLOCATIONS,
        error_486: 0,
        error_508: 0,
        streams_refused: 0,
      });
      expect(new Set(server.sessions().map(({ account }) => account)).size).toBe(ROOMS * GUESTS);

      // And they can talk: by their last loads, whatever the transport.
      for (let index = 0; index + 1 < reloaded.length; index += 2) {
        const [alice, bob] = [reloaded[index], reloaded[index + 1]].map((held) => held?.[index % 6]);
        if (alice === undefined || bob === undefined) throw new Error('somebody is missing');
        expect([await alice.client.permit(bob.relayed), await bob.client.permit(alice.relayed)]).toEqual([
          0, 0,
        ]);
        alice.client.sendTo(bob.relayed, octetsOf(`hello ${index}`));
        expect(await bob.client.media()).toEqual({
          kind: 'data',
          peer: alice.relayed,
          text: `hello ${index}`,
        });
      }
    },
    120_000,
  );
});
