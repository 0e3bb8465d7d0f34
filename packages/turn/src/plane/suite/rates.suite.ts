import { setImmediate as turnEnded } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { at, ip } from '../../testing/addresses.ts';
import { eventually } from '../../testing/eventually.ts';
import { octetsOf, writeChannelData, writeSend } from '../../testing/media.ts';
import type { UdpEndpoint } from '../../testing/udp-endpoint.ts';
import { ADVERTISED, CHANNEL, PEER, type PlaneScene, type UdpClient } from './plane-scene.ts';

/** What an account may carry in a second. */
export function testRates(scene: PlaneScene): void {
  const { counted, udpClient, permit, connected, restart } = scene;

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
      await restart(RATE);
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
      // Fifty of a thousand octets, of which ten or more may go at once: some 400 ms. One direction alone would take 160.
      expect(performance.now() - beganAt).toBeGreaterThan(250);
      expect(scene.plane.counters().get('dropped_over_rate')).toBe(0);
    });

    test('has all relays of an account share it, and nobody else', async () => {
      const { client: first, peer } = await connected('flooder');
      const { client: second, peer: secondPeer } = await connected('flooder');
      const { client: other, peer: otherPeer } = await connected('somebody else');
      await flood(first, 300);
      await counted('packets_delayed', 100);
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
      // Ten packets a second: some still wait whenever a busy machine comes to it.
      await restart(10_000);
      const { client, peer } = await connected();
      for (let number = 0; number < 40; number += 1) client.send(writeChannelData(CHANNEL, numbered(number)));
      await counted('packets_delayed', 5);
      scene.plane.apply({ kind: 'forbid', relay: client.relay, peer: ip(PEER) });
      await counted('dropped_no_permission');
      scene.plane.apply({ kind: 'remove-relay', relay: client.relay });
      const before = peer.inbox.length;
      const { client: next, peer: nextPeer } = await connected();
      next.send(writeChannelData(CHANNEL, octetsOf('later')));
      expect((await nextPeer.next()).octets).toEqual(octetsOf('later'));
      expect(peer.inbox.length).toBe(before);
      expect(before).toBeLessThan(40);
    });

    test('drops what is too much for one relay, each way by itself, and lets others of the account alone', async () => {
      await restart(Infinity, 100_000);
      const { client, peer } = await connected('ana');
      const { client: other, peer: otherPeer } = await connected('ana');
      client.send(writeChannelData(CHANNEL, octetsOf('hello')));
      const { from } = await peer.next();
      await flood(client, 100);
      // The burst that a new one has is 10,000 octets, and then a hundred packets come in a second.
      const dropped = await counted('dropped_over_rate', 20);
      expect(dropped).toBeLessThan(95);
      expect(await counted('packets_delayed', 0)).toBe(0);
      peer.send(octetsOf('the other way'), from);
      await eventually(() => client.socket.inbox.length === 1, 'what goes the other way');
      other.send(writeChannelData(CHANNEL, octetsOf('another relay')));
      expect((await otherPeer.next()).octets).toEqual(octetsOf('another relay'));
    });
  });
}
