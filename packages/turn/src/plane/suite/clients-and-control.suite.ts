import { describe, expect, test } from 'vitest';
import { at } from '../../testing/addresses.ts';
import { eventually } from '../../testing/eventually.ts';
import { octetsOf } from '../../testing/media.ts';
import type { ClientPath } from '../client-path.ts';
import { BINDING, SERVER, type PlaneScene } from './plane-scene.ts';

/** Messages that are not media: up to control, and answers down. */
export function testClientsAndControl(scene: PlaneScene): void {
  const { open, counted, addRelay, handedUp } = scene;

  describe('between clients and control', () => {
    test('hands up what is not media, with the whole 5-tuple', async () => {
      const client = await open(SERVER);
      client.send(BINDING, scene.listener);
      await eventually(() => handedUp.length === 1);
      expect(handedUp[0]).toEqual({
        octets: BINDING,
        client: { transport: 'udp', remote: client.address, local: scene.listener, port: 0 },
      });
    });

    test('sends answers from the address that was asked, whichever it was', async () => {
      const { local: second } = await scene.plane.listen(at('127.0.0.4', 0));
      const client = await open(SERVER);
      for (const asked of [scene.listener, second]) {
        client.send(BINDING, asked);
        await eventually(() => handedUp.length === 1);
        const [message] = handedUp.splice(0);
        if (message !== undefined) scene.plane.send(message.client, octetsOf('answer'));
        expect(await client.next()).toEqual({ octets: octetsOf('answer'), from: asked });
      }
    });

    test('serves clients on IPv6', async () => {
      const { local: listenerV6 } = await scene.plane.listen(at('::1', 0));
      const client = await open('::1');
      client.send(BINDING, listenerV6);
      await eventually(() => handedUp.length === 1);
      const [message] = handedUp;
      expect(message?.client.remote).toEqual(client.address);
      if (message !== undefined) scene.plane.send(message.client, octetsOf('answer'));
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
      for (const octets of junk) client.send(octets, scene.listener);
      expect(await counted('dropped_not_turn', junk.length)).toBe(junk.length);
      expect(handedUp).toEqual([]);
    });

    test('lets a listener go when none of its clients has a relay, and not before', async () => {
      const { id, local } = await scene.plane.listen(at('127.0.0.4', 0));
      const client = await open('127.0.0.4');
      const path: ClientPath = { transport: 'udp', remote: client.address, local, port: id };
      const { relay } = addRelay(path);
      expect(await scene.plane.retire(id)).toBe(false);
      client.send(BINDING, local);
      await eventually(() => handedUp.length === 1);
      scene.plane.apply({ kind: 'remove-relay', relay });
      expect(await scene.plane.retire(id)).toBe(true);
      expect(await scene.plane.retire(id)).toBe(true);
      await open('127.0.0.4', local.port);
      scene.plane.send(path, octetsOf('late'));
      // Its number is nobody else's.
      const next = await scene.plane.listen(at('127.0.0.4', 0));
      expect(next.id).not.toBe(id);
      expect(client.waiting).toBe(0);
    });

    test('says what it could not bind', async () => {
      const blocker = await open(SERVER);
      await expect(scene.plane.listen(blocker.address)).rejects.toMatchObject({
        name: 'ListenError',
        code: 'EADDRINUSE',
        transport: 'udp',
        address: SERVER,
        port: blocker.address.port,
      });
    });
  });
}
