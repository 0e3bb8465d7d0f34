import { expect } from 'vitest';
import { encodeChannelData } from '../client/channel-data.ts';
import { composeMessage } from '../client/compose-message.ts';
import { octets } from '../client/octets.ts';
import { METHOD } from '../client/turn-wire.ts';
import type { TurnCase } from '../turn-case.ts';

const CHANNEL = 0x4000;

/** A Binding request with its octets changed. */
function spoilt(
  change: (bytes: Uint8Array, view: DataView) => void,
  draft: { fingerprint?: boolean } = {},
): Uint8Array {
  const bytes = composeMessage({ method: METHOD.binding, ...draft });
  change(bytes, new DataView(bytes.buffer));
  return bytes;
}

function lengthField(value: number): Uint8Array {
  return spoilt((_, view) => view.setUint16(2, value));
}

const JUNK: Readonly<Record<string, Uint8Array>> = {
  nothing: new Uint8Array(),
  'one octet': Uint8Array.of(0),
  'three octets': Uint8Array.of(0, 1, 0),
  'half a header': composeMessage({ method: METHOD.binding }).subarray(0, 10),
  'a wrong cookie': spoilt((_, view) => view.setUint32(4, 0x2112a443)),
  'a length beyond the datagram': lengthField(4),
  'a length that is no multiple of four': lengthField(2),
  'a length of 65535': lengthField(0xffff),
  'top bits 10': spoilt((bytes) => bytes.fill(0x80, 0, 1)),
  'top bits 11': spoilt((bytes) => bytes.fill(0xff, 0, 1)),
  'a wrong FINGERPRINT': spoilt((bytes) => bytes.fill(0, bytes.length - 4), { fingerprint: true }),
  'ChannelData without a channel': encodeChannelData(CHANNEL, octets('nobody'), 0),
  'ChannelData cut short': encodeChannelData(CHANNEL, octets('nobody'), 0).subarray(0, 6),
  'two octets of ChannelData': Uint8Array.of(0x40, 0),
  'ordinary text': octets('GET / HTTP/1.1\r\n\r\n'),
};

export const DATAGRAM_CASES: readonly TurnCase[] = [
  {
    id: 'datagram.junk',
    title: 'Octets that are neither STUN nor ChannelData are dropped without an answer',
    rule: 'RFC 8489 §6.3',
    transports: ['udp'],
    run: async ({ client }) => {
      const { send, fence, received } = await client();
      for (const bytes of Object.values(JUNK)) send(bytes);
      await fence();
      expect(received.rest).toEqual([]);
    },
  },
  {
    id: 'datagram.excess',
    title: 'A STUN message followed by more octets in its datagram is dropped',
    rule: 'RFC 8489 §6.3',
    transports: ['udp'],
    run: async ({ client }) => {
      const { send, fence, received } = await client();
      const request = composeMessage({ method: METHOD.binding });
      send(Uint8Array.of(...request, 0, 0, 0, 0));
      await fence();
      expect(received.rest).toEqual([]);
    },
  },
  {
    id: 'datagram.channel-data-short',
    title: 'ChannelData whose length is beyond its datagram is dropped',
    rule: 'RFC 8656 §12.6',
    transports: ['udp'],
    run: async ({ allocated, peer }) => {
      const [{ bind, client, sendOnChannel }, other] = [await allocated(), await peer()];
      await bind(CHANNEL, other.address);
      client.send(encodeChannelData(CHANNEL, octets('whole'), 0).subarray(0, 8));
      sendOnChannel(CHANNEL, octets('next'));
      await other.received.take('the payload behind it', ({ payload }) => payload.length === 4);
      expect(other.received.rest).toEqual([]);
    },
  },
  {
    id: 'datagram.channel-data-padded',
    title: 'ChannelData may carry padding over UDP too; it does not reach the peer',
    rule: 'RFC 8656 §12.5',
    transports: ['udp'],
    run: async ({ allocated, peer }) => {
      const [{ bind, client }, other] = [await allocated(), await peer()];
      await bind(CHANNEL, other.address);
      for (const padding of [0, 1, 2, 3]) client.send(encodeChannelData(CHANNEL, octets('abcde'), padding));
      for (const padding of [0, 1, 2, 3]) {
        const { payload } = await other.received.take(`the payload with ${padding} octets of padding`);
        expect(payload).toEqual(octets('abcde'));
      }
    },
  },
];
