import type { TransportAddress } from '@callbox/stun';
import { describe, expect, test } from 'vitest';
import { at } from '../../testing/addresses.ts';
import { eventually } from '../../testing/eventually.ts';
import { octetsOf, writeSend } from '../../testing/media.ts';
import type { UdpEndpoint } from '../../testing/udp-endpoint.ts';
import type { ClientPath } from '../client-path.ts';
import { BINDING, PEER, RELAY, SERVER, type PlaneScene } from './plane-scene.ts';

/** Nothing goes round and round inside the server (RFC 8656 §21.1.7). */
export function testCircles(scene: PlaneScene): void {
  const { open, counted, addRelay, permit, connected, handedUp, servicePorts, restart } = scene;

  describe('circles', () => {
    /** Two relays, each of which is the other's client, as far as addresses go. */
    const circle = async (): Promise<{ readonly from: UdpEndpoint; readonly into: TransportAddress }> => {
      const [port, otherPort] = [scene.nextPort, scene.nextPort + 1];
      const paths = [otherPort, port].map((clientPort): ClientPath => ({
        transport: 'udp',
        remote: at(RELAY, clientPort),
        local: scene.listener,
        port: 0,
      }));
      const relays = paths.map((path) => addRelay(path));
      for (const { relay } of relays) {
        expect(scene.plane.openSocket(relay, 4)).toBe('open');
        permit(relay, SERVER);
        permit(relay, PEER);
      }
      return { from: await open(PEER), into: at(RELAY, port) };
    };

    test('are cut where a service of ours would be the peer', async () => {
      servicePorts.add(scene.listener.port);
      const { from, into } = await circle();
      from.send(octetsOf('round and round'), into);
      expect(await counted('dropped_own_port')).toBe(1);
      expect(scene.plane.counters().get('packets_to_clients_udp')).toBe(1);
    });

    test('are cut where a relay would be the client', async () => {
      const { client } = await connected();
      const relaySocket = at(RELAY, client.port);
      permit(client.relay, SERVER);
      // Nobody told the plane that this is a service.
      client.send(writeSend(scene.listener, BINDING));
      expect(await counted('dropped_own_port')).toBe(1);
      expect(handedUp).toEqual([]);
      const stranger = await open(RELAY);
      stranger.send(BINDING, scene.listener);
      await eventually(() => handedUp.length === 1, 'who is no relay is heard');
      expect(relaySocket.port).not.toBe(stranger.address.port);
    });

    test('keep to the rate where they cannot be seen', async () => {
      await restart(100_000);
      // A port mapped elsewhere: the listener is no service port to the scene.plane.
      const { from, into } = await circle();
      const beganAt = performance.now();
      from.send(new Uint8Array(968), into);
      await counted('packets_delayed', 10);
      const seconds = (performance.now() - beganAt) / 1000;
      const rounds = scene.plane.counters().get('packets_to_clients_udp') ?? 0;
      // Each of the two accounts has a hundred a second, and ten saved up.
      expect(rounds).toBeLessThanOrEqual(2 * (10 + seconds * 100 + 2));
    });
  });
}
