import { describe, expect, test } from 'vitest';
import { at, ip } from '../../testing/addresses.ts';
import { octetsOf, writeChannelData, writeSend } from '../../testing/media.ts';
import { BINDING, CHANNEL, PEER, RELAY, SERVER, type PlaneScene } from './plane-scene.ts';

/** Media both ways through the socket of a relay, and what is dropped. */
export function testPeersOutside(scene: PlaneScene): void {
  const { open, counted, udpClient, permit, bind, connected, handedUp, servicePorts } = scene;

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
      expect(scene.plane.relayTotals(client.relay)).toEqual({
        packetsFromClient: 2,
        bytesFromClient: 8,
        packetsToClient: 2,
        bytesToClient: 20,
      });
      expect(scene.plane.counters().get('packets_to_peers')).toBe(2);
      expect(scene.plane.counters().get('bytes_to_peers')).toBe(8);
      expect(scene.plane.relayTotals(idle.relay)).toEqual(nothing);
      scene.plane.apply({ kind: 'remove-relay', relay: client.relay });
      expect(scene.plane.relayTotals(client.relay)).toEqual(nothing);
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
      expect(Object.fromEntries(scene.plane.counters())).toMatchObject({
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
      scene.plane.apply({ kind: 'forbid', relay: client.relay, peer: ip(PEER) });
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
      scene.plane.apply({ kind: 'unbind-channel', relay: client.relay, channel: CHANNEL });
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
      stranger.send(writeChannelData(CHANNEL, octetsOf('no')), scene.listener);
      stranger.send(writeSend(peer.address, octetsOf('no')), scene.listener);
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
      expect(scene.plane.openSocket(client.relay, family)).toBe('open');
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
}
