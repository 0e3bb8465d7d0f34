import { describe, expect, test } from 'vitest';
import { at } from '../../testing/addresses.ts';
import { eventually } from '../../testing/eventually.ts';
import { octetsOf, readMedia, writeChannelData, writeSend } from '../../testing/media.ts';
import type { PlaneStream } from '../data-plane.ts';
import {
  ADVERTISED,
  BINDING,
  CHANNEL,
  PEER,
  RELAY,
  SERVER,
  type PlaneScene,
  type Relayed,
} from './plane-scene.ts';

/** Clients on TCP and TLS. */
export function testConnections(scene: PlaneScene): void {
  const { open, counted, addRelay, udpClient, permit, bind, handedUp } = scene;

  describe('with clients on connections', () => {
    interface ConnectedClient extends Relayed {
      readonly sent: Uint8Array[];
      readonly answers: Uint8Array[];
      receive: (octets: Uint8Array) => void;
      reads: boolean;
    }

    const streamClient = (transport: 'tcp' | 'tls'): ConnectedClient => {
      const sent: Uint8Array[] = [];
      const answers: Uint8Array[] = [];
      const client = { sent, answers, reads: true };
      const stream: PlaneStream = {
        transport,
        remote: at('198.51.100.9', 40_000),
        local: at(SERVER, 443),
        writeMedia: (octets, length) => {
          sent.push(new Uint8Array(octets.subarray(0, length)));
          return client.reads ? 0 : 2;
        },
        writeAnswer: (octets) => void answers.push(octets),
      };
      const port = scene.plane.attachStream(stream);
      const { remote, local } = stream;
      const relayed = addRelay({ transport, remote, local, port });
      return Object.assign(client, relayed, {
        receive: (octets: Uint8Array) => {
          // Lent octets: in a buffer that holds more, and is used again afterwards.
          const buffer = Uint8Array.of(1, 2, 3, ...octets, 4);
          scene.plane.receiveFromStream(port, buffer, 3, 3 + octets.length);
          buffer.fill(0);
        },
      });
    };

    test.each(['tcp', 'tls'] as const)(
      'carries channels both ways over %s, padded with zeros',
      async (transport) => {
        const client = streamClient(transport);
        const peer = await open(PEER);
        scene.plane.openSocket(client.relay, 4);
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
        const counters = scene.plane.counters();
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
      scene.plane.send(client.path, octetsOf('answer'));
      expect(client.answers).toEqual([octetsOf('answer')]);
    });

    test('counts what a slow client makes its connection drop', async () => {
      const client = streamClient('tcp');
      const peer = await open(PEER);
      scene.plane.openSocket(client.relay, 4);
      permit(client.relay, PEER);
      client.reads = false;
      peer.send(octetsOf('the newest'), at(RELAY, client.port));
      expect(await counted('dropped_queue_full', 2)).toBe(2);
      expect(client.sent.map(readMedia)).toMatchObject([{ text: 'the newest' }]);
    });

    test('forgets a connection that is gone', () => {
      const client = streamClient('tcp');
      scene.plane.detachStream(client.path.port);
      client.receive(BINDING);
      scene.plane.send(client.path, octetsOf('late'));
      expect(handedUp).toEqual([]);
      expect(client.answers).toEqual([]);
    });
  });
}
