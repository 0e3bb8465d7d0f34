import { setImmediate as turnEnded } from 'node:timers/promises';
import { encodeMessage, METHOD, type TransportAddress } from '@callbox/stun';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createOwnAddresses } from '../policy/own-addresses.ts';
import { at, ip } from '../testing/addresses.ts';
import { eventually } from '../testing/eventually.ts';
import { octetsOf, readMedia, writeChannelData, writeSend, type ClientMedia } from '../testing/media.ts';
import { UdpEndpoint } from '../testing/udp-endpoint.ts';
import type { ClientPath } from './client-path.ts';
import type { DataPlane, DataPlaneSettings, PlaneStream } from './data-plane.ts';
import type { PlaneCounterName } from './plane-counters.ts';

const SERVER = '127.0.0.1';
const RELAY = '127.0.0.3';
/** Nobody has it: what reaches it was joined inside. */
const ADVERTISED = '203.0.113.7';
const RELAY_V6 = '::1';
const ADVERTISED_V6 = '2001:db8::7';
const PEER = '127.0.0.2';
const CHANNEL = 0x4001;
const BINDING = encodeMessage({
  class: 'request',
  method: METHOD.binding,
  transactionId: new Uint8Array(12).fill(1),
  attributes: [],
});

/** What every data plane must do. Run on each implementation, over loopback. */
export function testDataPlane(name: string, createPlane: (settings: DataPlaneSettings) => DataPlane): void {
  describe(`the ${name} data plane`, () => {
    const endpoints: UdpEndpoint[] = [];
    const handedUp: { readonly client: ClientPath; readonly octets: Uint8Array }[] = [];
    const servicePorts = new Set<number>();
    let plane: DataPlane;
    let listener: TransportAddress;
    let nextRelay = 1;
    let nextPort = 0;

    /** The plane of the test, with another rate than none. */
    const start = async (bytesPerSecondPerUser: number): Promise<void> => {
      plane = createPlane({
        relayAddresses: [
          { local: ip(RELAY), advertised: ip(ADVERTISED) },
          { local: ip(RELAY_V6), advertised: ip(ADVERTISED_V6) },
        ],
        own: createOwnAddresses({
          relay: [RELAY, ADVERTISED, RELAY_V6, ADVERTISED_V6].map(ip),
          machine: [ip(SERVER)],
          servicePorts,
        }),
        limits: { clientSockets: 16, bytesPerSecondPerUser },
        nowMs: () => performance.now(),
        seed: 1,
        onMessage: (client, octets) => {
          handedUp.push({ client, octets: new Uint8Array(octets) });
        },
      });
      ({ local: listener } = await plane.listen(at(SERVER, 0)));
    };

    beforeEach(async () => {
      handedUp.length = 0;
      servicePorts.clear();
      await start(Infinity);
      nextPort = 22_100 + Math.floor(Math.random() * 400) * 2;
    });

    afterEach(async () => {
      await plane.close();
      await Promise.all(endpoints.splice(0).map((endpoint) => endpoint.close()));
    });

    const open = async (address?: string, port?: number): Promise<UdpEndpoint> => {
      const endpoint = await UdpEndpoint.open(address, port);
      endpoints.push(endpoint);
      return endpoint;
    };

    /** Waits for a count, since packets take their time, and gives it. */
    const counted = async (counter: PlaneCounterName, times = 1): Promise<number> => {
      const count = (): number => plane.counters().get(counter) ?? 0;
      await eventually(() => count() >= times, `${counter} = ${times}`);
      return count();
    };

    interface Relayed {
      readonly relay: number;
      readonly port: number;
      readonly path: ClientPath;
    }

    const addRelay = (path: ClientPath, family: 4 | 6 = 4, user?: string): Relayed => {
      const relay = nextRelay;
      const port = nextPort;
      nextRelay += 1;
      nextPort += 1;
      const account = user ?? `user ${relay}`;
      plane.apply({ kind: 'add-relay', relay, client: path, account, ports: [{ family, port }] });
      return { relay, port, path };
    };

    interface UdpClient extends Relayed {
      readonly socket: UdpEndpoint;
      send: (octets: Uint8Array) => void;
      media: () => Promise<ClientMedia>;
    }

    const udpClient = async (family: 4 | 6 = 4, user?: string): Promise<UdpClient> => {
      const socket = await open(SERVER);
      const path: ClientPath = { transport: 'udp', remote: socket.address, local: listener, port: 0 };
      return {
        ...addRelay(path, family, user),
        socket,
        send: (octets) => {
          socket.send(octets, listener);
        },
        media: async () => readMedia((await socket.next()).octets),
      };
    };

    const permit = (relay: number, peer: string): void => {
      plane.apply({ kind: 'permit', relay, peer: ip(peer) });
    };
    const bind = (relay: number, peer: TransportAddress, channel = CHANNEL): void => {
      plane.apply({ kind: 'bind-channel', relay, channel, peer });
    };

    /** A client with a socket, a permission and a channel for one peer. */
    const connected = async (
      user?: string,
    ): Promise<{ readonly client: UdpClient; readonly peer: UdpEndpoint }> => {
      const client = await udpClient(4, user);
      const peer = await open(PEER);
      expect(plane.openSocket(client.relay, 4)).toBe('open');
      permit(client.relay, PEER);
      bind(client.relay, peer.address);
      return { client, peer };
    };

    describe('between clients and control', () => {
      test('hands up what is not media, with the whole 5-tuple', async () => {
        const client = await open(SERVER);
        client.send(BINDING, listener);
        await eventually(() => handedUp.length === 1);
        expect(handedUp[0]).toEqual({
          octets: BINDING,
          client: { transport: 'udp', remote: client.address, local: listener, port: 0 },
        });
      });

      test('sends answers from the address that was asked, whichever it was', async () => {
        const { local: second } = await plane.listen(at('127.0.0.4', 0));
        const client = await open(SERVER);
        for (const asked of [listener, second]) {
          client.send(BINDING, asked);
          await eventually(() => handedUp.length === 1);
          const [message] = handedUp.splice(0);
          if (message !== undefined) plane.send(message.client, octetsOf('answer'));
          expect(await client.next()).toEqual({ octets: octetsOf('answer'), from: asked });
        }
      });

      test('serves clients on IPv6', async () => {
        const { local: listenerV6 } = await plane.listen(at('::1', 0));
        const client = await open('::1');
        client.send(BINDING, listenerV6);
        await eventually(() => handedUp.length === 1);
        const [message] = handedUp;
        expect(message?.client.remote).toEqual(client.address);
        if (message !== undefined) plane.send(message.client, octetsOf('answer'));
        expect((await client.next()).from).toEqual(listenerV6);
      });

      test('drops what is neither media nor STUN, and counts it', async () => {
        const client = await open(SERVER);
        const junk = [
          Uint8Array.of(),
          Uint8Array.of(1, 2, 3),
          new Uint8Array(20).fill(0xff),
          BINDING.subarray(0, 19),
          Uint8Array.of(...BINDING, 0),
          BINDING.map((octet, index) => (index === 4 ? 0 : octet)),
          Uint8Array.of(0x90, 1, 2, 3, 4),
        ];
        for (const octets of junk) client.send(octets, listener);
        expect(await counted('dropped_not_turn', junk.length)).toBe(junk.length);
        expect(handedUp).toEqual([]);
      });

      test('lets a listener go when none of its clients has a relay, and not before', async () => {
        const { id, local } = await plane.listen(at('127.0.0.4', 0));
        const client = await open('127.0.0.4');
        const path: ClientPath = { transport: 'udp', remote: client.address, local, port: id };
        const { relay } = addRelay(path);
        expect(await plane.retire(id)).toBe(false);
        client.send(BINDING, local);
        await eventually(() => handedUp.length === 1);
        plane.apply({ kind: 'remove-relay', relay });
        expect(await plane.retire(id)).toBe(true);
        expect(await plane.retire(id)).toBe(true);
        await open('127.0.0.4', local.port);
        plane.send(path, octetsOf('late'));
        // Its number is nobody else's.
        const next = await plane.listen(at('127.0.0.4', 0));
        expect(next.id).not.toBe(id);
        expect(client.waiting).toBe(0);
      });

      test('says what it could not bind', async () => {
        const blocker = await open(SERVER);
        await expect(plane.listen(blocker.address)).rejects.toMatchObject({
          name: 'ListenError',
          code: 'EADDRINUSE',
          transport: 'udp',
          address: SERVER,
          port: blocker.address.port,
        });
      });
    });

    describe('with a peer outside', () => {
      test('counts what each relay has carried, both ways, until it is removed', async () => {
        const { client, peer } = await connected();
        const idle = await udpClient();
        for (const text of ['one', 'three']) {
          client.send(writeChannelData(CHANNEL, octetsOf(text)));
          const { from } = await peer.next();
          peer.send(octetsOf(`${text}, back`), from);
          await client.media();
        }
        const nothing = { packetsFromClient: 0, bytesFromClient: 0, packetsToClient: 0, bytesToClient: 0 };
        expect(plane.relayTotals(client.relay)).toEqual({
          packetsFromClient: 2,
          bytesFromClient: 8,
          packetsToClient: 2,
          bytesToClient: 20,
        });
        expect(plane.counters().get('packets_to_peers')).toBe(2);
        expect(plane.counters().get('bytes_to_peers')).toBe(8);
        expect(plane.relayTotals(idle.relay)).toEqual(nothing);
        plane.apply({ kind: 'remove-relay', relay: client.relay });
        expect(plane.relayTotals(client.relay)).toEqual(nothing);
      });

      test('carries channels both ways', async () => {
        const { client, peer } = await connected();
        client.send(writeChannelData(CHANNEL, octetsOf('to the peer')));
        const received = await peer.next();
        expect(received).toEqual({ octets: octetsOf('to the peer'), from: at(RELAY, client.port) });
        peer.send(octetsOf('back'), received.from);
        expect(await client.media()).toEqual({
          kind: 'channel',
          channel: CHANNEL,
          text: 'back',
          padding: [],
        });
        expect(Object.fromEntries(plane.counters())).toMatchObject({
          packets_from_clients_udp: 1,
          bytes_from_clients_udp: 11,
          packets_to_clients_udp: 1,
          bytes_to_clients_udp: 4,
        });
      });

      test('carries Send and Data indications both ways', async () => {
        const { client } = await connected();
        const other = await open(PEER);
        client.send(writeSend(other.address, octetsOf('hello')));
        const received = await other.next();
        expect(received.octets).toEqual(octetsOf('hello'));
        other.send(octetsOf('five!'), received.from);
        expect(await client.media()).toEqual({ kind: 'data', peer: other.address, text: 'five!' });
      });

      test('carries empty datagrams', async () => {
        const { client, peer } = await connected();
        client.send(writeChannelData(CHANNEL, new Uint8Array()));
        client.send(writeSend(peer.address, new Uint8Array()));
        expect((await peer.next()).octets).toHaveLength(0);
        expect((await peer.next()).octets).toHaveLength(0);
        peer.send(new Uint8Array(), at(RELAY, client.port));
        expect(await client.media()).toMatchObject({ kind: 'channel', text: '' });
      });

      test('carries octets as they are, even those that look like TURN', async () => {
        const { client, peer } = await connected();
        for (const octets of [
          BINDING,
          writeChannelData(CHANNEL, octetsOf('x')),
          new Uint8Array(1400).fill(255),
        ]) {
          client.send(writeChannelData(CHANNEL, octets));
          const received = await peer.next();
          expect(received.octets).toEqual(octets);
          peer.send(octets, received.from);
          expect((await client.socket.next()).octets).toEqual(writeChannelData(CHANNEL, octets));
        }
        expect(handedUp).toEqual([]);
      });

      test('keeps each of many packets apart', async () => {
        const { client, peer } = await connected();
        const texts = Array.from({ length: 100 }, (_, index) => `packet ${index} ${'.'.repeat(index)}`);
        for (const text of texts) client.send(writeChannelData(CHANNEL, octetsOf(text)));
        for (const text of texts) expect((await peer.next()).octets).toEqual(octetsOf(text));
        for (const text of texts) peer.send(octetsOf(text), at(RELAY, client.port));
        for (const text of texts) expect(await client.media()).toMatchObject({ text });
      });

      test('takes ChannelData with padding, and drops what is shorter than it says', async () => {
        const { client, peer } = await connected();
        client.send(Uint8Array.of(...writeChannelData(CHANNEL, octetsOf('a')), 0xee, 0xee, 0xee));
        expect((await peer.next()).octets).toEqual(octetsOf('a'));
        client.send(writeChannelData(CHANNEL, octetsOf('abc')).subarray(0, 6));
        client.send(Uint8Array.of(0x40, 1, 0));
        expect(await counted('dropped_malformed_media', 2)).toBe(2);
        expect(peer.waiting).toBe(0);
      });

      test('drops packets to peers without a permission, until there is one', async () => {
        const { client } = await connected();
        const other = await open('127.0.0.5');
        client.send(writeSend(other.address, octetsOf('too early')));
        expect(await counted('dropped_no_permission')).toBe(1);
        permit(client.relay, '127.0.0.5');
        client.send(writeSend(other.address, octetsOf('in time')));
        expect((await other.next()).octets).toEqual(octetsOf('in time'));
      });

      test('drops packets from peers without a permission, until there is one', async () => {
        const { client } = await connected();
        const other = await open('127.0.0.5');
        other.send(octetsOf('too early'), at(RELAY, client.port));
        expect(await counted('dropped_peer_not_permitted')).toBe(1);
        permit(client.relay, '127.0.0.5');
        other.send(octetsOf('in time'), at(RELAY, client.port));
        expect(await client.media()).toMatchObject({ text: 'in time' });
      });

      test('drops both ways when the permission is gone, channel or not, and resumes when it is back', async () => {
        const { client, peer } = await connected();
        plane.apply({ kind: 'forbid', relay: client.relay, peer: ip(PEER) });
        client.send(writeChannelData(CHANNEL, octetsOf('no')));
        client.send(writeSend(peer.address, octetsOf('no')));
        expect(await counted('dropped_no_permission', 2)).toBe(2);
        peer.send(octetsOf('no'), at(RELAY, client.port));
        expect(await counted('dropped_peer_not_permitted')).toBe(1);
        permit(client.relay, PEER);
        client.send(writeChannelData(CHANNEL, octetsOf('yes')));
        expect((await peer.next()).octets).toEqual(octetsOf('yes'));
        peer.send(octetsOf('yes'), at(RELAY, client.port));
        expect(await client.media()).toMatchObject({ kind: 'channel', text: 'yes' });
      });

      test('sends Data indications when the channel is gone, and drops what is sent to it', async () => {
        const { client, peer } = await connected();
        plane.apply({ kind: 'unbind-channel', relay: client.relay, channel: CHANNEL });
        client.send(writeChannelData(CHANNEL, octetsOf('no')));
        expect(await counted('dropped_unbound_channel')).toBe(1);
        peer.send(octetsOf('yes'), at(RELAY, client.port));
        expect(await client.media()).toMatchObject({ kind: 'data', peer: peer.address, text: 'yes' });
      });

      test('does not let one client use the channel of another', async () => {
        const { peer } = await connected();
        const other = await udpClient();
        other.send(writeChannelData(CHANNEL, octetsOf('no')));
        expect(await counted('dropped_unbound_channel')).toBe(1);
        expect(peer.waiting).toBe(0);
      });

      test('drops media of strangers', async () => {
        const stranger = await open(SERVER);
        const peer = await open(PEER);
        stranger.send(writeChannelData(CHANNEL, octetsOf('no')), listener);
        stranger.send(writeSend(peer.address, octetsOf('no')), listener);
        expect(await counted('dropped_no_allocation', 2)).toBe(2);
        expect(handedUp).toEqual([]);
      });

      test('drops malformed Send indications', async () => {
        const { client, peer } = await connected();
        client.send(writeSend(peer.address, octetsOf('text')).subarray(0, 30));
        expect(await counted('dropped_malformed_media')).toBe(1);
      });

      test('drops what goes to port 0', async () => {
        const { client } = await connected();
        client.send(writeSend(at(PEER, 0), octetsOf('no')));
        expect(await counted('dropped_own_port')).toBe(1);
      });

      test('drops what goes out before there is a socket', async () => {
        const client = await udpClient();
        const peer = await open(PEER);
        permit(client.relay, PEER);
        client.send(writeSend(peer.address, octetsOf('no')));
        expect(await counted('dropped_no_socket')).toBe(1);
      });

      test('reaches no service of this machine, in any case, but other ports if permitted', async () => {
        const { client } = await connected();
        const service = await open(SERVER);
        const other = await open(SERVER);
        servicePorts.add(service.address.port);
        permit(client.relay, SERVER);
        client.send(writeSend(service.address, octetsOf('no')));
        expect(await counted('dropped_own_port')).toBe(1);
        client.send(writeSend(other.address, octetsOf('yes')));
        expect((await other.next()).octets).toEqual(octetsOf('yes'));
        expect(service.waiting).toBe(0);
      });

      test.each([
        ['may not be sent to', '255.255.255.255', 4],
        ['has no way to', '240.0.0.1', 4],
        ['has no way to, on IPv6', '2001:db8::99', 6],
        ['needs a zone for', 'fe80::1', 6],
        ['only sends to itself', '0.0.0.0', 4],
      ] as const)('survives what the kernel %s', async (_name, address, family) => {
        const { client: other, peer } = await connected();
        const client = await udpClient(family);
        expect(plane.openSocket(client.relay, family)).toBe('open');
        permit(client.relay, address);
        bind(client.relay, at(address, 9), 0x4002);
        for (const length of [0, 100, 1500, 65_400]) {
          client.send(writeSend(at(address, 9), new Uint8Array(length)));
          client.send(writeChannelData(0x4002, new Uint8Array(length)));
        }
        await counted('packets_from_clients_udp', 8);
        other.send(writeChannelData(CHANNEL, octetsOf('still here')));
        expect((await peer.next()).octets).toEqual(octetsOf('still here'));
      });

      test('survives peers that are not there and packets that are too long', async () => {
        const { client, peer } = await connected();
        client.send(writeSend(at(PEER, 9), octetsOf('nobody')));
        const longest = writeSend(peer.address, new Uint8Array(65_400));
        client.send(longest);
        expect((await peer.next()).octets).toHaveLength(65_400);
        peer.send(new Uint8Array(65_507), at(RELAY, client.port));
        expect(await counted('dropped_too_long')).toBe(1);
        client.send(writeChannelData(CHANNEL, octetsOf('still here')));
        expect((await peer.next()).octets).toEqual(octetsOf('still here'));
      });
    });

    describe('sockets', () => {
      test('are opened when control says so and not before, once', async () => {
        const { relay, port } = await udpClient();
        expect(plane.openSockets()).toBe(0);
        const probe = await open(RELAY, port);
        await probe.close();
        endpoints.splice(endpoints.indexOf(probe), 1);
        expect(plane.openSocket(relay, 4)).toBe('open');
        expect(plane.openSocket(relay, 4)).toBe('open');
        expect(plane.openSockets()).toBe(1);
      });

      test('are refused where another program has the port', async () => {
        const { relay, port } = await udpClient();
        await open(RELAY, port);
        expect(plane.openSocket(relay, 4)).toBe('refused');
        expect(plane.openSockets()).toBe(0);
      });

      test('are refused for relays and families that are not there', async () => {
        const { relay } = await udpClient();
        expect(plane.openSocket(relay, 6)).toBe('refused');
        expect(plane.openSocket(relay + 1000, 4)).toBe('refused');
      });

      test('are closed with their relay', async () => {
        const { client, peer } = await connected();
        plane.apply({ kind: 'remove-relay', relay: client.relay });
        expect(plane.openSockets()).toBe(0);
        client.send(writeChannelData(CHANNEL, octetsOf('no')));
        expect(await counted('dropped_no_allocation')).toBe(1);
        await open(RELAY, client.port);
        expect(peer.waiting).toBe(0);
      });

      test('are closed with their family, while the other lives on', async () => {
        const client = await udpClient();
        const relay = nextRelay;
        nextRelay += 1;
        plane.apply({ kind: 'remove-relay', relay: client.relay });
        const ports = [
          { family: 4, port: client.port },
          { family: 6, port: client.port },
        ] as const;
        plane.apply({ kind: 'add-relay', relay, client: client.path, account: 'user', ports });
        expect([plane.openSocket(relay, 4), plane.openSocket(relay, 6)]).toEqual(['open', 'open']);
        plane.apply({ kind: 'remove-port', relay, family: 6 });
        expect(plane.openSockets()).toBe(1);
        expect(plane.openSocket(relay, 6)).toBe('refused');
      });

      test('are all closed in the end, and the plane stays calm', async () => {
        const { client } = await connected();
        await plane.close();
        expect(plane.openSockets()).toBe(0);
        await open(SERVER, listener.port);
        await open(RELAY, client.port);
        plane.send(client.path, octetsOf('late'));
        permit(client.relay, PEER);
        await expect(plane.listen(at(SERVER, 0))).rejects.toMatchObject({ name: 'ListenError' });
        await plane.close();
      });
    });

    describe('between two clients of this server', () => {
      test.each([
        ['advertised', ADVERTISED],
        ['local', RELAY],
      ])('joins relays inside, known by their %s address, without a socket', async (_name, address) => {
        const alice = await udpClient();
        const bob = await udpClient();
        permit(alice.relay, address);
        permit(bob.relay, address);
        alice.send(writeSend(at(address, bob.port), octetsOf('hello')));
        expect(await bob.media()).toEqual({ kind: 'data', peer: at(address, alice.port), text: 'hello' });
        bind(bob.relay, at(address, alice.port));
        bob.send(writeChannelData(CHANNEL, octetsOf('hi')));
        expect(await alice.media()).toEqual({ kind: 'data', peer: at(address, bob.port), text: 'hi' });
        alice.send(writeSend(at(address, bob.port), octetsOf('again')));
        expect(await bob.media()).toMatchObject({ kind: 'channel', channel: CHANNEL, text: 'again' });
        expect(plane.openSockets()).toBe(0);
        expect(plane.counters().get('packets_joined')).toBe(3);
        expect(plane.counters().get('packets_to_peers')).toBe(0);
      });

      test('joins relays when each client knows the other by another spelling', async () => {
        const alice = await udpClient();
        const bob = await udpClient();
        permit(alice.relay, ADVERTISED);
        permit(bob.relay, RELAY);
        alice.send(writeSend(at(ADVERTISED, bob.port), octetsOf('hello')));
        expect(await bob.media()).toMatchObject({ peer: at(RELAY, alice.port), text: 'hello' });
      });

      test('joins IPv6 relays', async () => {
        const alice = await udpClient(6);
        const bob = await udpClient(6);
        permit(alice.relay, ADVERTISED_V6);
        permit(bob.relay, ADVERTISED_V6);
        alice.send(writeSend(at(ADVERTISED_V6, bob.port), octetsOf('hello')));
        expect(await bob.media()).toEqual({
          kind: 'data',
          peer: at(ADVERTISED_V6, alice.port),
          text: 'hello',
        });
      });

      test('needs the permission of both', async () => {
        const alice = await udpClient();
        const bob = await udpClient();
        alice.send(writeSend(at(ADVERTISED, bob.port), octetsOf('no')));
        expect(await counted('dropped_no_permission')).toBe(1);
        permit(alice.relay, ADVERTISED);
        alice.send(writeSend(at(ADVERTISED, bob.port), octetsOf('no')));
        expect(await counted('dropped_peer_not_permitted')).toBe(1);
        permit(bob.relay, ADVERTISED);
        alice.send(writeSend(at(ADVERTISED, bob.port), octetsOf('yes')));
        expect(await bob.media()).toMatchObject({ text: 'yes' });
      });

      test('lets a client speak to itself', async () => {
        const alice = await udpClient();
        permit(alice.relay, ADVERTISED);
        alice.send(writeSend(at(ADVERTISED, alice.port), octetsOf('echo')));
        expect(await alice.media()).toEqual({ kind: 'data', peer: at(ADVERTISED, alice.port), text: 'echo' });
      });

      test.each([ADVERTISED, RELAY])(
        'reaches nothing else at %s, not even a socket that is there',
        async (address) => {
          const { client } = await connected();
          const foreign = await open(RELAY);
          permit(client.relay, address);
          client.send(writeSend(at(address, foreign.address.port), octetsOf('no')));
          bind(client.relay, at(address, foreign.address.port), 0x4002);
          client.send(writeChannelData(0x4002, octetsOf('no')));
          expect(await counted('dropped_own_port', 2)).toBe(2);
          expect(foreign.waiting).toBe(0);
        },
      );

      test('reaches a relay no longer when it is removed', async () => {
        const alice = await udpClient();
        const bob = await udpClient();
        permit(alice.relay, ADVERTISED);
        permit(bob.relay, ADVERTISED);
        plane.apply({ kind: 'remove-relay', relay: bob.relay });
        alice.send(writeSend(at(ADVERTISED, bob.port), octetsOf('no')));
        expect(await counted('dropped_own_port')).toBe(1);
      });
    });

    describe('with a rate per account', () => {
      const RATE = 100_000;
      const PAYLOAD = 968;
      /** With the headers that are counted, a thousand octets: a hundred packets a second. */
      const numbered = (number: number): Uint8Array => {
        const payload = new Uint8Array(PAYLOAD);
        new DataView(payload.buffer).setUint16(0, number);
        return payload;
      };
      const numberOf = (payload: Uint8Array): number =>
        new DataView(payload.buffer, payload.byteOffset).getUint16(0);
      const numbersAt = (peer: UdpEndpoint): number[] => peer.inbox.map(numberOf);
      /** Sends so many, not faster than the plane reads them: what a socket's buffer drops is not the point here. */
      const flood = async ({ send }: UdpClient, count: number): Promise<void> => {
        for (let number = 0; number < count; number += 1) {
          send(writeChannelData(CHANNEL, numbered(number)));
          if (number % 20 === 19) await turnEnded();
        }
      };

      beforeEach(async () => {
        await plane.close();
        await start(RATE);
      });

      test('lets what is too much wait, in its order, and drops the oldest when too much waits', async () => {
        const { client, peer } = await connected();
        const beganAt = performance.now();
        await flood(client, 200);
        await eventually(() => numbersAt(peer).at(-1) === 199, 'the newest');
        const tookMs = performance.now() - beganAt;
        const received = numbersAt(peer);
        expect(received).toEqual([...received].sort((a, b) => a - b));
        const dropped = await counted('dropped_over_rate');
        expect(received.length + dropped).toBe(200);
        // At first what is saved up, then a hundred a second; what waits is bounded.
        expect(received.length).toBeGreaterThan(60);
        expect(received.length).toBeLessThan(10 + 66 + tookMs / 10 + 2);
        expect(tookMs).toBeGreaterThan(300);
      });

      test('counts both directions together', async () => {
        const { client, peer } = await connected();
        client.send(writeChannelData(CHANNEL, octetsOf('hello')));
        const { from } = await peer.next();
        const beganAt = performance.now();
        for (let number = 0; number < 25; number += 1) {
          client.send(writeChannelData(CHANNEL, numbered(number)));
          peer.send(numbered(number), from);
        }
        await eventually(() => client.socket.inbox.length === 25 && peer.inbox.length === 26, 'all of them');
        // Fifty of a thousand octets, of which about ten may go at once.
        expect(performance.now() - beganAt).toBeGreaterThan(350);
        expect(plane.counters().get('dropped_over_rate')).toBe(0);
      });

      test('has all relays of an account share it, and nobody else', async () => {
        const { client: first, peer } = await connected('flooder');
        const { client: second, peer: secondPeer } = await connected('flooder');
        const { client: other, peer: otherPeer } = await connected('somebody else');
        await flood(first, 300);
        await counted('packets_delayed', 280);
        const sentAt = performance.now();
        second.send(writeChannelData(CHANNEL, octetsOf('waits behind the flood')));
        other.send(writeChannelData(CHANNEL, octetsOf('passes at once')));
        expect((await otherPeer.next()).octets).toEqual(octetsOf('passes at once'));
        expect(secondPeer.waiting).toBe(0);
        expect((await secondPeer.next()).octets).toEqual(octetsOf('waits behind the flood'));
        expect(performance.now() - sentAt).toBeGreaterThan(100);
        expect(peer.waiting).toBeGreaterThan(10);
      });

      test('charges both ends of relays that are joined inside', async () => {
        const bob = await udpClient(4, 'bob');
        permit(bob.relay, ADVERTISED);
        const senders = [await udpClient(4, 'alice'), await udpClient(4, 'carol')];
        for (const { relay } of senders) permit(relay, ADVERTISED);
        const beganAt = performance.now();
        for (let number = 0; number < 30; number += 1) {
          for (const { send } of senders) send(writeSend(at(ADVERTISED, bob.port), numbered(number)));
        }
        await eventually(() => bob.socket.inbox.length === 60, 'all of them');
        // Each sender alone would be done in two tenths of a second.
        expect(performance.now() - beganAt).toBeGreaterThan(400);
      });

      test('does not deliver what has waited for a relay or a permission that is gone', async () => {
        const { client, peer } = await connected();
        for (let number = 0; number < 40; number += 1)
          client.send(writeChannelData(CHANNEL, numbered(number)));
        await counted('packets_delayed', 20);
        plane.apply({ kind: 'forbid', relay: client.relay, peer: ip(PEER) });
        await counted('dropped_no_permission');
        plane.apply({ kind: 'remove-relay', relay: client.relay });
        const before = peer.inbox.length;
        const { client: next, peer: nextPeer } = await connected();
        next.send(writeChannelData(CHANNEL, octetsOf('later')));
        expect((await nextPeer.next()).octets).toEqual(octetsOf('later'));
        expect(peer.inbox.length).toBe(before);
        expect(before).toBeLessThan(40);
      });
    });

    describe('circles', () => {
      /** Two relays, each of which is the other's client, as far as addresses go. */
      const circle = async (): Promise<{ readonly from: UdpEndpoint; readonly into: TransportAddress }> => {
        const [port, otherPort] = [nextPort, nextPort + 1];
        const paths = [otherPort, port].map((clientPort): ClientPath => ({
          transport: 'udp',
          remote: at(RELAY, clientPort),
          local: listener,
          port: 0,
        }));
        const relays = paths.map((path) => addRelay(path));
        for (const { relay } of relays) {
          expect(plane.openSocket(relay, 4)).toBe('open');
          permit(relay, SERVER);
          permit(relay, PEER);
        }
        return { from: await open(PEER), into: at(RELAY, port) };
      };

      test('are cut where a service of ours would be the peer', async () => {
        servicePorts.add(listener.port);
        const { from, into } = await circle();
        from.send(octetsOf('round and round'), into);
        expect(await counted('dropped_own_port')).toBe(1);
        expect(plane.counters().get('packets_to_clients_udp')).toBe(1);
      });

      test('are cut where a relay would be the client', async () => {
        const { client } = await connected();
        const relaySocket = at(RELAY, client.port);
        permit(client.relay, SERVER);
        // Nobody told the plane that this is a service.
        client.send(writeSend(listener, BINDING));
        expect(await counted('dropped_own_port')).toBe(1);
        expect(handedUp).toEqual([]);
        const stranger = await open(RELAY);
        stranger.send(BINDING, listener);
        await eventually(() => handedUp.length === 1, 'who is no relay is heard');
        expect(relaySocket.port).not.toBe(stranger.address.port);
      });

      test('keep to the rate where they cannot be seen', async () => {
        await plane.close();
        await start(100_000);
        // A port mapped elsewhere: the listener is no service port to the plane.
        const { from, into } = await circle();
        const beganAt = performance.now();
        from.send(new Uint8Array(968), into);
        await counted('packets_delayed', 10);
        const seconds = (performance.now() - beganAt) / 1000;
        const rounds = plane.counters().get('packets_to_clients_udp') ?? 0;
        // Each of the two accounts has a hundred a second, and ten saved up.
        expect(rounds).toBeLessThanOrEqual(2 * (10 + seconds * 100 + 2));
      });
    });

    describe('with clients on connections', () => {
      interface StreamScene extends Relayed {
        readonly sent: Uint8Array[];
        readonly answers: Uint8Array[];
        receive: (octets: Uint8Array) => void;
        reads: boolean;
      }

      const streamClient = (transport: 'tcp' | 'tls'): StreamScene => {
        const sent: Uint8Array[] = [];
        const answers: Uint8Array[] = [];
        const scene = { sent, answers, reads: true };
        const stream: PlaneStream = {
          transport,
          remote: at('198.51.100.9', 40_000),
          local: at(SERVER, 443),
          writeMedia: (octets, length) => {
            sent.push(new Uint8Array(octets.subarray(0, length)));
            return scene.reads ? 0 : 2;
          },
          writeAnswer: (octets) => void answers.push(octets),
        };
        const port = plane.attachStream(stream);
        const { remote, local } = stream;
        const relayed = addRelay({ transport, remote, local, port });
        return Object.assign(scene, relayed, {
          receive: (octets: Uint8Array) => {
            // Lent octets: in a buffer that holds more, and is used again afterwards.
            const buffer = Uint8Array.of(1, 2, 3, ...octets, 4);
            plane.receiveFromStream(port, buffer, 3, 3 + octets.length);
            buffer.fill(0);
          },
        });
      };

      test.each(['tcp', 'tls'] as const)(
        'carries channels both ways over %s, padded with zeros',
        async (transport) => {
          const client = streamClient(transport);
          const peer = await open(PEER);
          plane.openSocket(client.relay, 4);
          permit(client.relay, PEER);
          bind(client.relay, peer.address);
          client.receive(writeChannelData(CHANNEL, octetsOf('hello')));
          expect((await peer.next()).octets).toEqual(octetsOf('hello'));
          peer.send(octetsOf('a longer one'), at(RELAY, client.port));
          peer.send(octetsOf('short'), at(RELAY, client.port));
          await eventually(() => client.sent.length === 2);
          expect(client.sent.map(readMedia)).toEqual([
            { kind: 'channel', channel: CHANNEL, text: 'a longer one', padding: [] },
            { kind: 'channel', channel: CHANNEL, text: 'short', padding: [0, 0, 0] },
          ]);
          const counters = plane.counters();
          expect(counters.get(`packets_from_clients_${transport}`)).toBe(1);
          expect(counters.get(`packets_to_clients_${transport}`)).toBe(2);
          expect(counters.get('packets_to_clients_udp')).toBe(0);
        },
      );

      test('joins them to clients on UDP', async () => {
        const alice = streamClient('tls');
        const bob = await udpClient();
        permit(alice.relay, ADVERTISED);
        permit(bob.relay, ADVERTISED);
        alice.receive(writeSend(at(ADVERTISED, bob.port), octetsOf('hello')));
        expect(await bob.media()).toMatchObject({ peer: at(ADVERTISED, alice.port), text: 'hello' });
        bob.send(writeSend(at(ADVERTISED, alice.port), octetsOf('hi')));
        await eventually(() => alice.sent.length === 1);
        expect(alice.sent.map(readMedia)).toMatchObject([{ kind: 'data', text: 'hi' }]);
      });

      test('hands up what is not media, and answers on the same connection', () => {
        const client = streamClient('tcp');
        client.receive(BINDING);
        expect(handedUp).toEqual([{ client: client.path, octets: BINDING }]);
        plane.send(client.path, octetsOf('answer'));
        expect(client.answers).toEqual([octetsOf('answer')]);
      });

      test('counts what a slow client makes its connection drop', async () => {
        const client = streamClient('tcp');
        const peer = await open(PEER);
        plane.openSocket(client.relay, 4);
        permit(client.relay, PEER);
        client.reads = false;
        peer.send(octetsOf('the newest'), at(RELAY, client.port));
        expect(await counted('dropped_queue_full', 2)).toBe(2);
        expect(client.sent.map(readMedia)).toMatchObject([{ text: 'the newest' }]);
      });

      test('forgets a connection that is gone', () => {
        const client = streamClient('tcp');
        plane.detachStream(client.path.port);
        client.receive(BINDING);
        plane.send(client.path, octetsOf('late'));
        expect(handedUp).toEqual([]);
        expect(client.answers).toEqual([]);
      });
    });
  });
}
