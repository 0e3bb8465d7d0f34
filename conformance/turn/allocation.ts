import { xorMappedAddress, type TransportAddress } from '@callbox/stun';
import { expect } from 'vitest';
import { encodeChannelData, type ChannelData } from './client/channel-data.ts';
import { valueOf, type Reply } from './client/reply.ts';
import type { Received, TurnClient } from './client/turn-client.ts';
import {
  attribute,
  channelNumber,
  data,
  lifetime,
  METHOD,
  PROTOCOL,
  requestedTransport,
  xorPeerAddress,
  xorRelayedAddress,
  type AttributeToSend,
} from './client/turn-wire.ts';

/** A client that has an allocation, and the steps that every other case begins with. */
export interface Allocation {
  readonly client: TurnClient;
  readonly relayed: TransportAddress;
  readonly mapped: TransportAddress;
  readonly lifetimeSeconds: number;
  readonly permit: (...peers: readonly TransportAddress[]) => Promise<void>;
  readonly bind: (channel: number, peer: TransportAddress) => Promise<void>;
  /** ChannelData, padded as the transport wants it. */
  readonly sendOnChannel: (channel: number, payload: Uint8Array) => void;
  /** The next Data indication. */
  readonly nextData: () => Promise<{ readonly peer: TransportAddress; readonly payload: Uint8Array }>;
  readonly nextChannelData: () => Promise<ChannelData>;
}

export async function allocate(
  client: TurnClient,
  attributes: readonly AttributeToSend[] = [],
): Promise<Allocation> {
  const reply = await client.request({
    method: METHOD.allocate,
    attributes: [requestedTransport(PROTOCOL.udp), ...attributes],
  });
  expectSuccess(reply);
  const { message } = reply;
  return {
    client,
    relayed: valueOf(message, xorRelayedAddress),
    mapped: valueOf(message, xorMappedAddress),
    lifetimeSeconds: valueOf(message, lifetime),
    permit: async (...peers) => {
      const asked = peers.map((peer) => attribute(xorPeerAddress, peer));
      expectSuccess(await client.request({ method: METHOD.createPermission, attributes: asked }));
    },
    bind: async (channel, peer) => {
      const asked = [channelNumber(channel), attribute(xorPeerAddress, peer)];
      expectSuccess(await client.request({ method: METHOD.channelBind, attributes: asked }));
    },
    sendOnChannel: (channel, payload) => {
      const paddingBytes = client.transport === 'udp' ? 0 : -payload.length & 3;
      client.send(encodeChannelData(channel, payload, paddingBytes));
    },
    nextData: async () => {
      const { message: indication } = await client.received.take('a Data indication', isData);
      return { peer: valueOf(indication, xorPeerAddress), payload: valueOf(indication, data) };
    },
    nextChannelData: () => client.received.take('ChannelData', isChannelData),
  };
}

/** A success that is signed with the request's key: browsers drop others. */
export function expectSuccess(reply: Reply): void {
  expect(reply.outcome).toBe('success');
  expect(reply.integrity, 'the signature of the answer').toBe('ok');
}

/** An error. Whether errors are signed is a case of its own: browsers take them as they are. */
export function expectError(reply: Reply, code: number): void {
  expect(reply.outcome).toBe(`error ${code}`);
}

/** A Data indication: what a peer sent, over no channel. */
export function isData(item: Received): item is Extract<Received, { readonly kind: 'message' }> {
  return (
    item.kind === 'message' && item.message.class === 'indication' && item.message.method === METHOD.data
  );
}

function isChannelData(item: Received): item is Extract<Received, { readonly kind: 'channel-data' }> {
  return item.kind === 'channel-data';
}
