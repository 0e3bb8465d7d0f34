import { formatTransportAddress } from '@callbox/stun';
import { expect } from 'vitest';
import { isData, type Allocation } from '../allocation.ts';
import { composeMessage } from '../client/compose-message.ts';
import { octets, pattern, textOf } from '../client/octets.ts';
import type { Peer } from '../client/peer.ts';
import { paddingOf } from '../client/reply.ts';
import { ALL_PAYLOAD_SIZES } from './payload-sizes.ts';
import {
  attribute,
  data,
  FAMILY,
  METHOD,
  rawAttribute,
  requestedAddressFamily,
  xorPeerAddress,
  type AttributeToSend,
} from '../client/turn-wire.ts';
import type { CaseContext, TurnCase } from '../turn-case.ts';

/** A case in which a Send indication with these attributes reaches nobody. */
function dropped(
  id: string,
  title: string,
  rule: string,
  attributes: (peer: Peer, stranger: Peer) => readonly AttributeToSend[],
): TurnCase {
  return {
    id: `send.${id}`,
    title,
    rule,
    run: async (context) => {
      const { allocation, peer } = await permitted(context);
      const stranger = await context.peer(context.target.peerHosts[1]);
      const { client } = allocation;
      client.send(
        composeMessage({ class: 'indication', method: METHOD.send, attributes: attributes(peer, stranger) }),
      );
      client.sendIndication(peer.address, octets('behind it'));
      expect(textOf((await peer.received.take('the payload behind it')).payload)).toBe('behind it');
      await stranger.fence();
      expect([client.received.rest, peer.received.rest, stranger.received.rest]).toEqual([[], [], []]);
    },
  };
}

async function permitted({
  allocated,
  peer: open,
}: CaseContext): Promise<{ allocation: Allocation; peer: Peer }> {
  const [allocation, peer] = [await allocated(), await open()];
  await allocation.permit(peer.address);
  return { allocation, peer };
}

/** Send and Data indications: all that Firefox uses, and Chrome until its channel is bound. */
export const SEND_CASES: readonly TurnCase[] = [
  {
    id: 'send.both-ways',
    title: 'Send reaches the peer from the relayed address; what the peer answers comes as Data',
    rule: 'RFC 8656 §11',
    run: async (context) => {
      const { allocation, peer } = await permitted(context);
      allocation.client.sendIndication(peer.address, octets('out'));
      const { payload, from } = await peer.received.take('the payload');
      expect(payload).toEqual(octets('out'));
      expect(formatTransportAddress(from)).toBe(formatTransportAddress(allocation.relayed));
      peer.send(from, octets('in'));
      expect(await allocation.nextData()).toEqual({ peer: peer.address, payload: octets('in') });
    },
  },
  {
    id: 'send.ipv6',
    title: 'Send and Data work between two IPv6 allocations',
    rule: 'RFC 8656 §11',
    needs: ['ipv6-relay'],
    run: async ({ allocated }) => {
      const ana = await allocated([requestedAddressFamily(FAMILY.ipv6)]);
      const ben = await allocated([requestedAddressFamily(FAMILY.ipv6)]);
      await ana.permit(ben.relayed);
      await ben.permit(ana.relayed);
      ana.client.sendIndication(ben.relayed, octets('to Ben'));
      expect(await ben.nextData()).toEqual({ peer: ana.relayed, payload: octets('to Ben') });
    },
  },
  {
    id: 'send.sizes',
    title: 'Payloads of every size pass whole in both directions, empty ones too',
    rule: 'RFC 8656 §11.2',
    run: async (context) => {
      const { allocation, peer } = await permitted(context);
      for (const size of ALL_PAYLOAD_SIZES) {
        const payload = pattern(size);
        allocation.client.sendIndication(peer.address, payload);
        const out = await peer.received.take(`${size} octets`);
        expect(out.payload).toEqual(payload);
        peer.send(out.from, payload);
        expect((await allocation.nextData()).payload).toEqual(payload);
      }
    },
  },
  {
    id: 'send.data-padding',
    title: 'The padding of Data is zeros, not what was in the buffer before',
    rule: 'RFC 8489 §14',
    run: async (context) => {
      const { allocation, peer } = await permitted(context);
      peer.send(allocation.relayed, new Uint8Array(64).fill(0xff));
      await allocation.nextData();
      peer.send(allocation.relayed, Uint8Array.of(0xff));
      const indication = await allocation.client.received.take('a Data indication', isData);
      const padding = paddingOf(indication.message);
      expect(padding.length).toBeGreaterThan(0);
      expect(padding.filter((octet) => octet !== 0)).toEqual([]);
    },
  },
  {
    id: 'send.verbatim',
    title: 'Payloads that look like STUN or ChannelData are relayed as they are',
    rule: 'RFC 8656 §11',
    run: async (context) => {
      const { allocation, peer } = await permitted(context);
      const lookalikes = [
        composeMessage({ method: METHOD.binding, fingerprint: true }),
        composeMessage({ method: METHOD.allocate }),
        Uint8Array.of(0x40, 0, 0, 4, 1, 2, 3, 4),
        Uint8Array.of(0x40, 0, 0xff, 0xff),
      ];
      for (const payload of lookalikes) {
        allocation.client.sendIndication(peer.address, payload);
        expect((await peer.received.take('the payload')).payload).toEqual(payload);
        peer.send(allocation.relayed, payload);
        expect((await allocation.nextData()).payload).toEqual(payload);
      }
    },
  },
  {
    id: 'send.relay-to-relay',
    title: 'Two clients whose peers are each other’s relayed addresses reach each other',
    rule: 'RFC 8656 §11',
    run: async ({ allocated }) => {
      const [ana, ben] = [await allocated(), await allocated()];
      await ana.permit(ben.relayed);
      await ben.permit(ana.relayed);
      ana.client.sendIndication(ben.relayed, octets('to Ben'));
      expect(await ben.nextData()).toEqual({ peer: ana.relayed, payload: octets('to Ben') });
      ben.client.sendIndication(ana.relayed, octets('to Ana'));
      expect(await ana.nextData()).toEqual({ peer: ben.relayed, payload: octets('to Ana') });
    },
  },
  dropped('no-data', 'Send without DATA is dropped', 'RFC 8656 §11.2', (peer) => [
    attribute(xorPeerAddress, peer.address),
  ]),
  dropped('no-peer', 'Send without a peer is dropped', 'RFC 8656 §11.2', () => [
    attribute(data, octets('lost')),
  ]),
  dropped(
    'first-peer-counts',
    'Of two peers in a Send the first counts: a permission for the second does not help',
    'RFC 8489 §14',
    (peer, stranger) => [
      attribute(xorPeerAddress, stranger.address),
      attribute(xorPeerAddress, peer.address),
      attribute(data, octets('lost')),
    ],
  ),
  dropped(
    'unknown-required',
    'Send with an unknown attribute that must be understood is dropped',
    'RFC 8489 §6.3.2',
    (peer) => [
      attribute(xorPeerAddress, peer.address),
      attribute(data, octets('lost')),
      rawAttribute(0x7ffe, new Uint8Array(4)),
    ],
  ),
  dropped('malformed-peer', 'Send with a malformed peer is dropped', 'RFC 8656 §11.2', () => [
    rawAttribute(xorPeerAddress.type, Uint8Array.of(0, 1, 0, 0)),
    attribute(data, octets('lost')),
  ]),
  dropped('port-zero', 'Send to port 0 reaches nobody and breaks nothing', 'RFC 8656 §11.2', (peer) => [
    attribute(xorPeerAddress, { ...peer.address, port: 0 }),
    attribute(data, octets('lost')),
  ]),
  {
    id: 'send.no-allocation',
    title: 'Send without an allocation is dropped without a word',
    rule: 'RFC 8656 §11.2',
    run: async ({ client, peer }) => {
      const [asking, other] = [await client(), await peer()];
      asking.sendIndication(other.address, octets('lost'));
      await asking.fence();
      await other.fence();
      expect([asking.received.rest, other.received.rest]).toEqual([[], []]);
    },
  },
  {
    id: 'send.closed-peer',
    title: 'A peer that is gone does not harm the allocation',
    rule: 'RFC 8656 §11.5',
    run: async (context) => {
      const { allocation, peer } = await permitted(context);
      const gone = await context.peer();
      const { address } = gone;
      await gone.close();
      for (let round = 0; round < 5; round += 1)
        allocation.client.sendIndication(address, octets('anybody?'));
      allocation.client.sendIndication(peer.address, octets('still here'));
      expect((await peer.received.take('the payload')).payload).toEqual(octets('still here'));
      peer.send(allocation.relayed, octets('so am I'));
      expect((await allocation.nextData()).payload).toEqual(octets('so am I'));
    },
  },
];
