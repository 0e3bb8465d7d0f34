import { platform } from 'node:os';
import { setImmediate as turnEnded } from 'node:timers/promises';
import { encodeMessage, METHOD, type TransportAddress } from '@callbox/stun';
import { afterEach, describe, expect, test } from 'vitest';
import { createOwnAddresses } from '../../policy/own-addresses.ts';
import { at, ip } from '../../testing/addresses.ts';
import { eventually } from '../../testing/eventually.ts';
import { octetsOf, writeSend } from '../../testing/media.ts';
import { UdpEndpoint } from '../../testing/udp-endpoint.ts';
import type { ClientPath } from '../client-path.ts';
import type { DataPlane, DataPlaneSettings } from '../data-plane.ts';

const SERVER = '127.0.0.1';
const RELAY = '127.0.0.3';
const PEER = '127.0.0.2';
const address = { local: ip(RELAY), advertised: ip(RELAY) };
const BINDING = encodeMessage({
  class: 'request',
  method: METHOD.binding,
  transactionId: new Uint8Array(12).fill(1),
  attributes: [],
});
/** More than the largest receive buffer that is asked for can hold, at what the kernel counts for a datagram. */
const FLOOD_PACKETS = 12_000;
const JUNK_BYTES = 1200;

/** A plane that gives clients sockets of their own. */
interface ApartPlane extends DataPlane {
  clientSockets(): number;
}

/** What sockets of clients' own are for, on every plane that has them. */
export function testClientSockets(
  name: string,
  makePlane: (settings: DataPlaneSettings) => ApartPlane,
): void {
  // Elsewhere all clients share the listener's socket, and there is nothing to try.
  describe.skipIf(platform() !== 'linux')(
    `clients of the ${name} data plane with sockets of their own`,
    () => {
      const endpoints: UdpEndpoint[] = [];
      const planes: ApartPlane[] = [];
      const heard: ClientPath[] = [];

      afterEach(async () => {
        heard.length = 0;
        await Promise.all(planes.splice(0).map((plane) => plane.close()));
        await Promise.all(endpoints.splice(0).map((endpoint) => endpoint.close()));
      });

      const open = async (address: string): Promise<UdpEndpoint> => {
        const endpoint = await UdpEndpoint.open(address);
        endpoints.push(endpoint);
        return endpoint;
      };

      const createPlane = (clientSockets: number): ApartPlane => {
        const plane = makePlane({
          own: createOwnAddresses({ relay: [ip(RELAY)], machine: [], servicePorts: new Set() }),
          limits: { clientSockets, bytesPerSecondPerUser: Infinity },
          nowMs: () => performance.now(),
          seed: 1,
          onMessage: (client) => void heard.push(client),
        });
        planes.push(plane);
        return plane;
      };

      interface Scene {
        readonly plane: ApartPlane;
        readonly listener: TransportAddress;
        readonly peer: UdpEndpoint;
        /** A client with a relay, which has a permission for the peer. */
        join: () => Promise<UdpEndpoint>;
        leave: (client: UdpEndpoint) => void;
      }

      const start = async (clientSockets: number): Promise<Scene> => {
        const plane = createPlane(clientSockets);
        const { local: listener } = await plane.listen(at(SERVER, 0));
        const peer = await open(PEER);
        const relays = new Map<UdpEndpoint, number>();
        let port = 22_900 + Math.floor(Math.random() * 90);
        return {
          plane,
          listener,
          peer,
          join: async () => {
            const client = await open(SERVER);
            const path: ClientPath = { transport: 'udp', remote: client.address, local: listener, port: 0 };
            const relay = relays.size + 1;
            relays.set(client, relay);
            port += 1;
            plane.apply({
              kind: 'add-relay',
              relay,
              client: path,
              account: 'a',
              ports: [{ family: 4, port, address }],
            });
            expect(plane.openSocket(relay, 4)).toBe('open');
            plane.apply({ kind: 'permit', relay, peer: ip(PEER) });
            return client;
          },
          leave: (client) => {
            plane.apply({ kind: 'remove-relay', relay: relays.get(client) ?? 0 });
          },
        };
      };

      /** Fills the queue of the listener while nobody reads, as a flood does that is faster than the server. */
      const flood = async (listener: TransportAddress): Promise<void> => {
        const stranger = await open(SERVER);
        const junk = new Uint8Array(JUNK_BYTES).fill(0xff);
        for (let count = 0; count < FLOOD_PACKETS; count += 1) stranger.send(junk, listener);
      };

      test('are heard while a flood has filled the queue of the listener; without such a socket they are not', async () => {
        const { listener, peer, join } = await start(2);
        const client = await join();
        const unlucky = await join();
        await flood(listener);
        // As long as what the flood is made of: there may be room for something shorter.
        unlucky.send(writeSend(peer.address, new Uint8Array(JUNK_BYTES)), listener);
        client.send(writeSend(peer.address, octetsOf('heard')), listener);
        expect((await peer.next()).octets).toEqual(octetsOf('heard'));
        // When the flood has been read the listener hears again; the first would have come before.
        await eventually(() => {
          unlucky.send(writeSend(peer.address, octetsOf('and again')), listener);
          return peer.waiting > 0;
        });
        expect((await peer.next()).octets).toEqual(octetsOf('and again'));
      });

      test('are given to the first, as many as half, and to the busy, as many as are allowed', async () => {
        const { plane, listener, peer, join, leave } = await start(4);
        const clients = [await join(), await join(), await join(), await join(), await join()];
        expect(plane.clientSockets()).toBe(2);
        const speak = async (client: UdpEndpoint): Promise<void> => {
          for (let count = 0; count < 200; count += 1) {
            client.send(writeSend(peer.address, octetsOf('busy')), listener);
            if (count % 20 === 19) await turnEnded();
          }
        };
        const [first, , third, , fifth] = clients;
        if (first === undefined || third === undefined || fifth === undefined) throw new Error('unreachable');
        await speak(first);
        await eventually(() => peer.inbox.length === 200);
        expect(plane.clientSockets()).toBe(2);
        await speak(third);
        await eventually(() => plane.clientSockets() === 3);
        await speak(fifth);
        await eventually(() => plane.clientSockets() === 4);
        for (const client of clients) leave(client);
        expect(plane.clientSockets()).toBe(0);
        await join();
        expect(plane.clientSockets()).toBe(1);
      });

      test('leave the listener to everybody else, and get answers and media from its address', async () => {
        const { plane, listener, peer, join } = await start(10);
        const clients = [await join(), await join()];
        expect(plane.clientSockets()).toBe(2);
        const stranger = await open(SERVER);
        for (const sender of [stranger, ...clients]) {
          heard.length = 0;
          sender.send(BINDING, listener);
          await eventually(() => heard.length === 1);
          expect(heard[0]).toEqual({ transport: 'udp', remote: sender.address, local: listener, port: 0 });
          for (const client of heard) plane.send(client, octetsOf('answer'));
          expect(await sender.next()).toEqual({ octets: octetsOf('answer'), from: listener });
        }
        for (const client of clients) {
          client.send(writeSend(peer.address, octetsOf('hello')), listener);
          const { from } = await peer.next();
          peer.send(octetsOf('back'), from);
          expect((await client.next()).from).toEqual(listener);
        }
      });

      test('are served on IPv6 alike', async () => {
        const { plane, peer } = await start(10);
        const { id, local } = await plane.listen(at('::1', 0));
        const client = await open('::1');
        const path: ClientPath = { transport: 'udp', remote: client.address, local, port: id };
        const ports = [{ family: 4, port: 22_999, address }] as const;
        plane.apply({ kind: 'add-relay', relay: 99, client: path, account: 'a', ports });
        expect(plane.openSocket(99, 4)).toBe('open');
        plane.apply({ kind: 'permit', relay: 99, peer: ip(PEER) });
        expect(plane.clientSockets()).toBe(1);
        client.send(writeSend(peer.address, octetsOf('hello')), local);
        const { from } = await peer.next();
        peer.send(octetsOf('back'), from);
        expect((await client.next()).from).toEqual(local);
        expect(await plane.retire(id)).toBe(false);
        plane.apply({ kind: 'remove-relay', relay: 99 });
        expect(plane.clientSockets()).toBe(0);
        expect(await plane.retire(id)).toBe(true);
      });

      test('may be gone while their peers go on sending: nobody is disturbed', async () => {
        const { plane, listener, peer, join } = await start(10);
        const [gone, other] = [await join(), await join()];
        gone.send(writeSend(peer.address, octetsOf('hello')), listener);
        const { from } = await peer.next();
        await gone.close();
        endpoints.splice(endpoints.indexOf(gone), 1);
        await eventually(() => {
          peer.send(octetsOf('is anybody there?'), from);
          return (plane.counters().get('socket_errors') ?? 0) > 0;
        }, 'the word of the kernel that nobody is');
        other.send(writeSend(peer.address, octetsOf('still here')), listener);
        expect((await peer.next()).octets).toEqual(octetsOf('still here'));
        // The same client, on the same port, after all.
        const back = await UdpEndpoint.open(SERVER, gone.address.port);
        endpoints.push(back);
        await eventually(() => {
          peer.send(octetsOf('there you are'), from);
          return back.waiting > 0;
        });
      });

      test('do not let a second server have the port', async () => {
        const { listener, join } = await start(10);
        await expect(createPlane(10).listen(listener)).rejects.toMatchObject({ code: 'EADDRINUSE' });
        await join();
        await expect(createPlane(10).listen(listener)).rejects.toMatchObject({ code: 'EADDRINUSE' });
      });

      test('close with the plane', async () => {
        const { plane, listener, join } = await start(10);
        await join();
        await plane.close();
        expect(plane.clientSockets()).toBe(0);
        await turnEnded();
        await createPlane(0).listen(listener);
      });
    },
  );
}
