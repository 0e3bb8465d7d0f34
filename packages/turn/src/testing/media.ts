import { encodeMessage, parseMessage, readAttribute, type TransportAddress } from '@callbox/stun';
import { data } from '../codec/data.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { xorPeerAddress } from '../codec/xor-peer-address.ts';

/** Octets of a text, as payload. */
export function octetsOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** ChannelData without padding. */
export function writeChannelData(channel: number, payload: Uint8Array): Uint8Array {
  return Uint8Array.of(channel >> 8, channel & 0xff, payload.length >> 8, payload.length & 0xff, ...payload);
}

/** A Send indication. */
export function writeSend(peer: TransportAddress, payload: Uint8Array): Uint8Array {
  const transactionId = new Uint8Array(12).fill(0x5e);
  return encodeMessage({
    class: 'indication',
    method: TURN_METHOD.send,
    transactionId,
    attributes: [xorPeerAddress.encode(peer, transactionId), data.encode(payload, transactionId)],
  });
}

/** Media as a client gets it. */
export type ClientMedia =
  | {
      readonly kind: 'channel';
      readonly channel: number;
      readonly text: string;
      readonly padding: readonly number[];
    }
  | { readonly kind: 'data'; readonly peer: TransportAddress; readonly text: string };

/** Reads what the server sends to a client, if it is media. */
export function readMedia(octets: Uint8Array): ClientMedia {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const first = view.getUint16(0);
  if (first >= 0x4000) {
    const end = 4 + view.getUint16(2);
    const text = new TextDecoder().decode(octets.subarray(4, end));
    return { kind: 'channel', channel: first, text, padding: [...octets.subarray(end)] };
  }
  const parsed = parseMessage(octets);
  if (!parsed.ok || parsed.message.class !== 'indication' || parsed.message.method !== TURN_METHOD.data) {
    throw new Error('not media');
  }
  const peer = readAttribute(parsed.message, xorPeerAddress);
  const payload = readAttribute(parsed.message, data);
  if (peer.kind !== 'present' || payload.kind !== 'present') throw new Error('not a whole Data indication');
  return { kind: 'data', peer: peer.value, text: new TextDecoder().decode(payload.value) };
}
