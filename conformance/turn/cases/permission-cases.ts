import { expect } from 'vitest';
import { expectError } from '../allocation.ts';
import { octets } from '../client/octets.ts';
import { transportAddress } from '../client/transport-address.ts';
import {
  attribute,
  channelNumber,
  FAMILY,
  METHOD,
  rawAttribute,
  requestedAddressFamily,
  xorPeerAddress,
} from '../client/turn-wire.ts';
import type { TurnCase } from '../turn-case.ts';

const PEER_PORT = 5000;

export const PERMISSION_CASES: readonly TurnCase[] = [
  {
    id: 'permission.no-peer',
    title: 'CreatePermission without a peer gets 400',
    rule: 'RFC 8656 §10.2',
    run: async ({ allocated }) => {
      expectError(await (await allocated()).client.request({ method: METHOD.createPermission }), 400);
    },
  },
  {
    id: 'permission.malformed-peer',
    title: 'CreatePermission with a malformed peer gets 400',
    rule: 'RFC 8656 §10.2',
    run: async ({ allocated }) => {
      const { client } = await allocated();
      const attributes = [rawAttribute(xorPeerAddress.type, Uint8Array.of(0, 1, 0, 0, 127, 0))];
      expectError(await client.request({ method: METHOD.createPermission, attributes }), 400);
    },
  },
  {
    id: 'permission.no-allocation',
    title: 'CreatePermission without an allocation gets 437',
    rule: 'RFC 8656 §5',
    run: async ({ client, target }) => {
      const attributes = [attribute(xorPeerAddress, transportAddress(target.peerHosts[0], PEER_PORT))];
      const asking = await client();
      expectError(await asking.request({ method: METHOD.createPermission, attributes }), 437);
    },
  },
  {
    id: 'permission.by-address',
    title: 'A permission holds for every port of the address, whatever port it was asked with',
    rule: 'RFC 8656 §9',
    run: async ({ allocated, peer, target }) => {
      const { client, permit, nextData, relayed } = await allocated();
      await permit(transportAddress(target.peerHosts[0], 0));
      for (const other of [await peer(), await peer()]) {
        client.sendIndication(other.address, octets('out'));
        expect((await other.received.take('the payload')).payload).toEqual(octets('out'));
        other.send(relayed, octets('in'));
        expect(await nextData()).toEqual({ peer: other.address, payload: octets('in') });
      }
    },
  },
  {
    id: 'permission.several',
    title: 'One CreatePermission may name several peers',
    rule: 'RFC 8656 §10.2',
    run: async ({ allocated, peer, target }) => {
      const { permit, nextData, relayed } = await allocated();
      const others = [await peer(target.peerHosts[0]), await peer(target.peerHosts[1])];
      await permit(...others.map(({ address }) => address));
      for (const other of others) {
        other.send(relayed, octets('in'));
        expect((await nextData()).peer).toEqual(other.address);
      }
    },
  },
  {
    id: 'permission.required-in',
    title: 'What comes from a peer without permission is dropped',
    rule: 'RFC 8656 §9',
    run: async ({ allocated, peer, target }) => {
      const { client, permit, nextData, relayed } = await allocated();
      const [permitted, other] = [await peer(target.peerHosts[0]), await peer(target.peerHosts[1])];
      await permit(permitted.address);
      other.send(relayed, octets('stranger'));
      permitted.send(relayed, octets('friend'));
      expect((await nextData()).payload).toEqual(octets('friend'));
      expect(client.received.rest).toEqual([]);
    },
  },
  {
    id: 'permission.required-out',
    title: 'What goes to a peer without permission is dropped, and no permission comes of it',
    rule: 'RFC 8656 §9',
    run: async ({ allocated, peer, target }) => {
      const { client, permit, nextData, relayed } = await allocated();
      const [permitted, other] = [await peer(target.peerHosts[0]), await peer(target.peerHosts[1])];
      await permit(permitted.address);
      client.sendIndication(other.address, octets('stranger'));
      client.sendIndication(permitted.address, octets('friend'));
      await permitted.received.take('the payload');
      await other.fence();
      expect(other.received.rest).toEqual([]);
      other.send(relayed, octets('back'));
      permitted.send(relayed, octets('friend'));
      expect((await nextData()).payload).toEqual(octets('friend'));
      expect(client.received.rest).toEqual([]);
    },
  },
  {
    id: 'permission.other-family',
    title: 'A peer of a family that the allocation does not have gets 443, IPv4 in IPv6 clothes included',
    rule: 'RFC 8656 §10.2',
    run: async ({ allocated }) => {
      const { client } = await allocated();
      for (const ip of ['2001:db8::1', '::1', '::ffff:10.0.0.1', '::ffff:127.0.0.1']) {
        const peer = attribute(xorPeerAddress, transportAddress(ip, PEER_PORT));
        expectError(await client.request({ method: METHOD.createPermission, attributes: [peer] }), 443);
        const channel = [channelNumber(0x4000), peer];
        expectError(await client.request({ method: METHOD.channelBind, attributes: channel }), 443);
      }
    },
  },
  {
    id: 'permission.denied',
    title: 'A peer that the server does not relay to gets 403, from CreatePermission and from ChannelBind',
    rule: 'RFC 8656 §10.2, §12.2',
    needs: ['denied-peers'],
    run: async ({ allocated, target }) => {
      const { client } = await allocated();
      for (const ip of target.deniedPeers.filter((denied) => !denied.includes(':'))) {
        const peer = attribute(xorPeerAddress, transportAddress(ip, PEER_PORT));
        const permission = await client.request({ method: METHOD.createPermission, attributes: [peer] });
        expect(`${ip}: ${permission.outcome}`).toBe(`${ip}: error 403`);
        const channel = [channelNumber(0x4000), peer];
        const bound = await client.request({ method: METHOD.channelBind, attributes: channel });
        expect(`${ip}: ${bound.outcome}`).toBe(`${ip}: error 403`);
      }
    },
  },
  {
    id: 'permission.denied-ipv6',
    title: 'On an IPv6 allocation, denied addresses get 403 in every clothing that IPv6 has for IPv4',
    rule: 'RFC 8656 §10.2',
    needs: ['denied-peers', 'ipv6-relay'],
    run: async ({ allocated, target }) => {
      const { client } = await allocated([requestedAddressFamily(FAMILY.ipv6)]);
      for (const ip of target.deniedPeers.filter((denied) => denied.includes(':'))) {
        const attributes = [attribute(xorPeerAddress, transportAddress(ip, PEER_PORT))];
        const { outcome } = await client.request({ method: METHOD.createPermission, attributes });
        expect(`${ip}: ${outcome}`).toBe(`${ip}: error 403`);
      }
    },
  },
  {
    id: 'permission.all-or-nothing',
    title: 'Where one of several peers is refused, none is permitted',
    rule: 'RFC 8656 §10.2',
    needs: ['denied-peers'],
    run: async ({ allocated, peer, target }) => {
      const { client, permit, nextData, relayed } = await allocated();
      const [good, other] = [await peer(target.peerHosts[0]), await peer(target.peerHosts[1])];
      const attributes = [good.address, transportAddress(target.deniedPeers[0] ?? '', PEER_PORT)].map(
        (address) => attribute(xorPeerAddress, address),
      );
      expectError(await client.request({ method: METHOD.createPermission, attributes }), 403);
      await permit(other.address);
      good.send(relayed, octets('not permitted'));
      other.send(relayed, octets('permitted'));
      expect((await nextData()).payload).toEqual(octets('permitted'));
      expect(client.received.rest).toEqual([]);
    },
  },
];
