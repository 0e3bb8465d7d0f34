import { formatTransportAddress } from '@callbox/stun';
import { expect } from 'vitest';
import { expectError, type Allocation } from '../allocation.ts';
import { octets, pattern } from '../client/octets.ts';
import type { Peer } from '../client/peer.ts';
import type { Reply } from '../client/reply.ts';
import { transportAddress } from '../client/transport-address.ts';
import {
  attribute,
  channelNumber,
  METHOD,
  xorPeerAddress,
  type AttributeToSend,
} from '../client/turn-wire.ts';
import type { CaseContext, TurnCase } from '../turn-case.ts';
import { ALL_PAYLOAD_SIZES } from './payload-sizes.ts';

const CHANNEL = 0x4000;
const OTHER_CHANNEL = 0x4001;

async function bound({
  allocated,
  peer: open,
}: CaseContext): Promise<{ allocation: Allocation; peer: Peer }> {
  const [allocation, peer] = [await allocated(), await open()];
  await allocation.bind(CHANNEL, peer.address);
  return { allocation, peer };
}

function ask({ client }: Allocation, ...attributes: readonly AttributeToSend[]): Promise<Reply> {
  return client.request({ method: METHOD.channelBind, attributes });
}

function numberRefused(channel: number): TurnCase {
  return {
    id: `channel.number-${channel.toString(16)}`,
    title: `Channel 0x${channel.toString(16)} gets 400: it could not be told from other protocols`,
    rule: 'RFC 8656 §12',
    run: async ({ allocated, peer }) => {
      const { address } = await peer();
      const reply = await ask(await allocated(), channelNumber(channel), attribute(xorPeerAddress, address));
      expectError(reply, 400);
    },
  };
}

/** RFC 5766 had the numbers up to 0x7FFE, RFC 8656 withdrew those above 0x4FFF; clients that still use them exist. */
function numberOfOldRange(channel: number): TurnCase {
  return {
    id: `channel.number-${channel.toString(16)}`,
    title: `Channel 0x${channel.toString(16)}, of the old range, gets 400 or works`,
    rule: 'RFC 8656 §12, RFC 5766 §11',
    run: async ({ allocated, peer: open }) => {
      const [allocation, peer] = [await allocated(), await open()];
      const { outcome } = await ask(
        allocation,
        channelNumber(channel),
        attribute(xorPeerAddress, peer.address),
      );
      expect(['success', 'error 400']).toContain(outcome);
      peer.send(allocation.relayed, octets('in'));
      if (outcome === 'success') expect(await allocation.nextChannelData()).toMatchObject({ channel });
    },
  };
}

export const CHANNEL_CASES: readonly TurnCase[] = [
  {
    id: 'channel.both-ways',
    title: 'A bound channel carries payloads to the peer from the relayed address, and back',
    rule: 'RFC 8656 §12',
    run: async (context) => {
      const { allocation, peer } = await bound(context);
      allocation.sendOnChannel(CHANNEL, octets('out'));
      const { payload, from } = await peer.received.take('the payload');
      expect(payload).toEqual(octets('out'));
      expect(formatTransportAddress(from)).toBe(formatTransportAddress(allocation.relayed));
      peer.send(from, octets('in'));
      expect(await allocation.nextChannelData()).toMatchObject({ channel: CHANNEL, payload: octets('in') });
    },
  },
  {
    id: 'channel.sizes',
    title: 'Payloads of every size pass whole in both directions, empty ones too',
    rule: 'RFC 8656 §12.4',
    run: async (context) => {
      const { allocation, peer } = await bound(context);
      for (const size of ALL_PAYLOAD_SIZES) {
        const payload = pattern(size);
        allocation.sendOnChannel(CHANNEL, payload);
        expect((await peer.received.take(`${size} octets`)).payload).toEqual(payload);
        peer.send(allocation.relayed, payload);
        expect((await allocation.nextChannelData()).payload).toEqual(payload);
      }
    },
  },
  {
    id: 'channel.permits',
    title:
      'ChannelBind makes the permission too: Send works at once, and other ports of the peer come as Data',
    rule: 'RFC 8656 §12.2',
    run: async (context) => {
      const { allocation, peer } = await bound(context);
      allocation.client.sendIndication(peer.address, octets('out'));
      expect((await peer.received.take('the payload')).payload).toEqual(octets('out'));
      const otherPort = await context.peer();
      otherPort.send(allocation.relayed, octets('in'));
      expect(await allocation.nextData()).toEqual({ peer: otherPort.address, payload: octets('in') });
    },
  },
  {
    id: 'channel.several',
    title: 'Several channels of one allocation do not mix',
    rule: 'RFC 8656 §12',
    run: async ({ allocated, peer: open }) => {
      const allocation = await allocated();
      const peers = [await open(), await open(), await open()];
      for (const [index, peer] of peers.entries()) await allocation.bind(0x4100 + index, peer.address);
      for (const [index, peer] of peers.entries()) {
        allocation.sendOnChannel(0x4100 + index, octets(`to ${index}`));
        expect((await peer.received.take('its payload')).payload).toEqual(octets(`to ${index}`));
        peer.send(allocation.relayed, octets(`from ${index}`));
        expect(await allocation.nextChannelData()).toMatchObject({
          channel: 0x4100 + index,
          payload: octets(`from ${index}`),
        });
      }
    },
  },
  ...[0x0000, 0x3fff, 0x8000, 0xffff].map(numberRefused),
  ...[0x5000, 0x7ffe].map(numberOfOldRange),
  {
    id: 'channel.last-number',
    title: 'Channel 0x4FFF may be bound',
    rule: 'RFC 8656 §12',
    run: async ({ allocated, peer }) => {
      const [allocation, other] = [await allocated(), await peer()];
      await allocation.bind(0x4fff, other.address);
      other.send(allocation.relayed, octets('in'));
      expect(await allocation.nextChannelData()).toMatchObject({ channel: 0x4fff });
    },
  },
  {
    id: 'channel.incomplete',
    title: 'ChannelBind without a number or without a peer gets 400',
    rule: 'RFC 8656 §12.2',
    run: async ({ allocated, peer }) => {
      const [allocation, { address }] = [await allocated(), await peer()];
      expectError(await ask(allocation, channelNumber(CHANNEL)), 400);
      expectError(await ask(allocation, attribute(xorPeerAddress, address)), 400);
    },
  },
  {
    id: 'channel.port-zero',
    title: 'ChannelBind to port 0 gets 400',
    rule: 'RFC 8656 §12.2',
    run: async ({ allocated, target }) => {
      const nowhere = attribute(xorPeerAddress, transportAddress(target.peerHosts[0], 0));
      expectError(await ask(await allocated(), channelNumber(CHANNEL), nowhere), 400);
    },
  },
  {
    id: 'channel.rebind',
    title: 'The same number and peer may be bound again and again',
    rule: 'RFC 8656 §12.2',
    run: async (context) => {
      const { allocation, peer } = await bound(context);
      for (let round = 0; round < 3; round += 1) await allocation.bind(CHANNEL, peer.address);
      allocation.sendOnChannel(CHANNEL, octets('still'));
      expect((await peer.received.take('the payload')).payload).toEqual(octets('still'));
    },
  },
  {
    id: 'channel.number-taken',
    title: 'A number that is bound to another peer gets 400, and stays with its peer',
    rule: 'RFC 8656 §12.2',
    run: async (context) => {
      const { allocation, peer } = await bound(context);
      const other = await context.peer();
      const reply = await ask(allocation, channelNumber(CHANNEL), attribute(xorPeerAddress, other.address));
      expectError(reply, 400);
      allocation.sendOnChannel(CHANNEL, octets('to the first'));
      expect((await peer.received.take('the payload')).payload).toEqual(octets('to the first'));
    },
  },
  {
    id: 'channel.peer-taken',
    title: 'A peer that has another number gets 400, and keeps its number',
    rule: 'RFC 8656 §12.2',
    run: async (context) => {
      const { allocation, peer } = await bound(context);
      const reply = await ask(
        allocation,
        channelNumber(OTHER_CHANNEL),
        attribute(xorPeerAddress, peer.address),
      );
      expectError(reply, 400);
      peer.send(allocation.relayed, octets('in'));
      expect(await allocation.nextChannelData()).toMatchObject({ channel: CHANNEL });
    },
  },
  {
    id: 'channel.no-allocation',
    title: 'ChannelBind without an allocation gets 437',
    rule: 'RFC 8656 §5',
    run: async ({ client, peer }) => {
      const attributes = [channelNumber(CHANNEL), attribute(xorPeerAddress, (await peer()).address)];
      expectError(await (await client()).request({ method: METHOD.channelBind, attributes }), 437);
    },
  },
  {
    id: 'channel.unbound',
    title: 'ChannelData on a number that is not bound is dropped',
    rule: 'RFC 8656 §12.6',
    run: async (context) => {
      const { allocation, peer } = await bound(context);
      allocation.sendOnChannel(OTHER_CHANNEL, octets('lost'));
      allocation.sendOnChannel(CHANNEL, octets('behind it'));
      expect((await peer.received.take('the payload behind it')).payload).toEqual(octets('behind it'));
      expect([allocation.client.received.rest, peer.received.rest]).toEqual([[], []]);
    },
  },
  {
    id: 'channel.foreign',
    title: "ChannelData on another client's channel is dropped",
    rule: 'RFC 8656 §12.6',
    run: async (context) => {
      const { allocation, peer } = await bound(context);
      const thief = await context.allocated();
      thief.sendOnChannel(CHANNEL, octets('stolen'));
      await thief.client.fence();
      allocation.sendOnChannel(CHANNEL, octets('mine'));
      expect((await peer.received.take('the payload')).payload).toEqual(octets('mine'));
      expect(peer.received.rest).toEqual([]);
    },
  },
  {
    id: 'channel.relay-to-relay',
    title: 'Two clients with channels to each other’s relayed addresses reach each other',
    rule: 'RFC 8656 §12',
    run: async ({ allocated }) => {
      const [ana, ben] = [await allocated(), await allocated()];
      await ana.bind(CHANNEL, ben.relayed);
      await ben.bind(OTHER_CHANNEL, ana.relayed);
      ana.sendOnChannel(CHANNEL, octets('to Ben'));
      expect(await ben.nextChannelData()).toMatchObject({
        channel: OTHER_CHANNEL,
        payload: octets('to Ben'),
      });
      ben.sendOnChannel(OTHER_CHANNEL, octets('to Ana'));
      expect(await ana.nextChannelData()).toMatchObject({ channel: CHANNEL, payload: octets('to Ana') });
    },
  },
  {
    id: 'channel.burst',
    title: 'Sixty payloads in a row arrive complete and in order',
    rule: 'RFC 8656 §12',
    run: async (context) => {
      const { allocation, peer } = await bound(context);
      const payloads = Array.from({ length: 60 }, (_, index) => octets(`payload ${index}`));
      for (const payload of payloads) allocation.sendOnChannel(CHANNEL, payload);
      for (const payload of payloads)
        expect((await peer.received.take('the next payload')).payload).toEqual(payload);
      for (const payload of payloads) peer.send(allocation.relayed, payload);
      for (const payload of payloads) expect((await allocation.nextChannelData()).payload).toEqual(payload);
    },
  },
];
