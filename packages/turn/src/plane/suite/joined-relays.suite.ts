import { describe, expect, test } from 'vitest';
import { at } from '../../testing/addresses.ts';
import { octetsOf, writeChannelData, writeSend } from '../../testing/media.ts';
import {
  ADVERTISED,
  ADVERTISED_V6,
  CHANNEL,
  OTHER_ADDRESS,
  OTHER_ADVERTISED,
  OTHER_RELAY,
  PEER,
  RELAY,
  type PlaneScene,
} from './plane-scene.ts';

/** Packets from relay to relay, which need no socket. */
export function testJoinedRelays(scene: PlaneScene): void {
  const { open, counted, udpClient, permit, bind, connected } = scene;

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
      expect(scene.plane.openSockets()).toBe(0);
      expect(scene.plane.counters().get('packets_joined')).toBe(3);
      expect(scene.plane.counters().get('packets_to_peers')).toBe(0);
    });

    test('joins relays when each client knows the other by another spelling', async () => {
      const alice = await udpClient();
      const bob = await udpClient();
      permit(alice.relay, ADVERTISED);
      permit(bob.relay, RELAY);
      alice.send(writeSend(at(ADVERTISED, bob.port), octetsOf('hello')));
      expect(await bob.media()).toMatchObject({ peer: at(RELAY, alice.port), text: 'hello' });
    });

    test('joins relays made before and after the server got another address', async () => {
      const alice = await udpClient();
      const bob = await udpClient(4, undefined, OTHER_ADDRESS);
      permit(alice.relay, OTHER_ADVERTISED);
      permit(bob.relay, ADVERTISED);
      alice.send(writeSend(at(OTHER_ADVERTISED, bob.port), octetsOf('hello')));
      expect(await bob.media()).toMatchObject({ peer: at(ADVERTISED, alice.port), text: 'hello' });
      bob.send(writeSend(at(ADVERTISED, alice.port), octetsOf('hi')));
      expect(await alice.media()).toMatchObject({ peer: at(OTHER_ADVERTISED, bob.port), text: 'hi' });
      expect(scene.plane.openSockets()).toBe(0);
    });

    test('lets a relay be reached from outside on the address that it was made with', async () => {
      const bob = await udpClient(4, undefined, OTHER_ADDRESS);
      expect(scene.plane.openSocket(bob.relay, 4)).toBe('open');
      permit(bob.relay, PEER);
      const peer = await open(PEER);
      peer.send(octetsOf('hello'), at(OTHER_RELAY, bob.port));
      expect(await bob.media()).toMatchObject({ peer: peer.address, text: 'hello' });
      bob.send(writeSend(peer.address, octetsOf('hi')));
      expect((await peer.next()).from).toEqual(at(OTHER_RELAY, bob.port));
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
      scene.plane.apply({ kind: 'remove-relay', relay: bob.relay });
      alice.send(writeSend(at(ADVERTISED, bob.port), octetsOf('no')));
      expect(await counted('dropped_own_port')).toBe(1);
    });
  });
}
