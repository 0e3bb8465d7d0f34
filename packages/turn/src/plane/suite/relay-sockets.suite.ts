import { describe, expect, test } from 'vitest';
import { at } from '../../testing/addresses.ts';
import { octetsOf, writeChannelData } from '../../testing/media.ts';
import { CHANNEL, PEER, RELAY, RELAY_ADDRESSES, SERVER, type PlaneScene } from './plane-scene.ts';

/** When a relay port is a socket, and when not any more. */
export function testRelaySockets(scene: PlaneScene): void {
  const { open, shut, counted, udpClient, permit, connected } = scene;

  describe('sockets', () => {
    test('are opened when control says so and not before, once', async () => {
      const { relay, port } = await udpClient();
      expect(scene.plane.openSockets()).toBe(0);
      const probe = await open(RELAY, port);
      await shut(probe);
      expect(scene.plane.openSocket(relay, 4)).toBe('open');
      expect(scene.plane.openSocket(relay, 4)).toBe('open');
      expect(scene.plane.openSockets()).toBe(1);
    });

    test('are refused where another program has the port', async () => {
      const { relay, port } = await udpClient();
      await open(RELAY, port);
      expect(scene.plane.openSocket(relay, 4)).toBe('refused');
      expect(scene.plane.openSockets()).toBe(0);
    });

    test('are refused for relays and families that are not there', async () => {
      const { relay } = await udpClient();
      expect(scene.plane.openSocket(relay, 6)).toBe('refused');
      expect(scene.plane.openSocket(relay + 1000, 4)).toBe('refused');
    });

    test('are closed with their relay', async () => {
      const { client, peer } = await connected();
      scene.plane.apply({ kind: 'remove-relay', relay: client.relay });
      expect(scene.plane.openSockets()).toBe(0);
      client.send(writeChannelData(CHANNEL, octetsOf('no')));
      expect(await counted('dropped_no_allocation')).toBe(1);
      await open(RELAY, client.port);
      expect(peer.waiting).toBe(0);
    });

    test('are closed with their family, while the other lives on', async () => {
      const client = await udpClient();
      const relay = scene.takeRelayId();
      scene.plane.apply({ kind: 'remove-relay', relay: client.relay });
      const ports = [
        { family: 4, port: client.port, address: RELAY_ADDRESSES[4] },
        { family: 6, port: client.port, address: RELAY_ADDRESSES[6] },
      ] as const;
      scene.plane.apply({ kind: 'add-relay', relay, client: client.path, account: 'user', ports });
      expect([scene.plane.openSocket(relay, 4), scene.plane.openSocket(relay, 6)]).toEqual(['open', 'open']);
      scene.plane.apply({ kind: 'remove-port', relay, family: 6 });
      expect(scene.plane.openSockets()).toBe(1);
      expect(scene.plane.openSocket(relay, 6)).toBe('refused');
    });

    test('are all closed in the end, and the plane stays calm', async () => {
      const { client } = await connected();
      await scene.plane.close();
      expect(scene.plane.openSockets()).toBe(0);
      await open(SERVER, scene.listener.port);
      await open(RELAY, client.port);
      scene.plane.send(client.path, octetsOf('late'));
      permit(client.relay, PEER);
      await expect(scene.plane.listen(at(SERVER, 0))).rejects.toMatchObject({ name: 'ListenError' });
      await scene.plane.close();
    });
  });
}
