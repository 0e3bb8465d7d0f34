import type { TransportAddress } from '@callbox/stun';
import { encodeChannelData } from '../turn/client/channel-data.ts';
import { valueOf } from '../turn/client/reply.ts';
import { transportAddress } from '../turn/client/transport-address.ts';
import { createTurnClient, type Received } from '../turn/client/turn-client.ts';
import {
  attribute,
  channelNumber,
  data,
  METHOD,
  PROTOCOL,
  requestedTransport,
  xorPeerAddress,
  xorRelayedAddress,
} from '../turn/client/turn-wire.ts';
import type { Place } from './messages.ts';

const CHANNEL = 0x4000;

/** A client with an allocation, as far as octets go. */
interface Call {
  readonly relayed: TransportAddress;
  /** To the peer, on the channel or in a Send indication. */
  readonly send: (payload: Uint8Array) => void;
  /** Payloads that have come from the peer since it was last asked, one way or the other. */
  readonly takeHeard: () => readonly Uint8Array[];
}

/** Makes an allocation that is meant for one peer. */
export async function allocateFor(wanted: {
  readonly serverIp: string;
  readonly port: number;
  readonly peer: Place;
  readonly hasChannel: boolean;
}): Promise<Call> {
  const { serverIp, port, hasChannel } = wanted;
  const client = await createTurnClient({
    transport: 'udp',
    host: serverIp,
    port,
    credential: { username: 'ana', password: 'ana-password' },
  });
  const peer = transportAddress(wanted.peer.ip, wanted.peer.port);
  const allocated = await client.request({
    method: METHOD.allocate,
    attributes: [requestedTransport(PROTOCOL.udp)],
  });
  const permitted = await client.request({
    method: hasChannel ? METHOD.channelBind : METHOD.createPermission,
    attributes: [...(hasChannel ? [channelNumber(CHANNEL)] : []), attribute(xorPeerAddress, peer)],
  });
  if (permitted.outcome !== 'success') throw new Error(`no way to the peer: ${permitted.outcome}`);
  return {
    relayed: valueOf(allocated.message, xorRelayedAddress),
    send: (payload) => {
      if (hasChannel) client.send(encodeChannelData(CHANNEL, payload, 0));
      else client.sendIndication(peer, payload);
    },
    takeHeard: () => (client.received.rest as Received[]).splice(0).flatMap(payloadOf),
  };
}

function payloadOf(item: Received): readonly Uint8Array[] {
  if (item.kind === 'channel-data') return [item.payload];
  if (item.kind !== 'message' || item.message.method !== METHOD.data) return [];
  return [valueOf(item.message, data)];
}
