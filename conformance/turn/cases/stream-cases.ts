import { setImmediate as turnEnded, setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { encodeChannelData } from '../client/channel-data.ts';
import { composeMessage, newTransactionId } from '../client/compose-message.ts';
import { octets, pattern } from '../client/octets.ts';
import { endOf } from '../client/end-of.ts';
import type { TurnClient } from '../client/turn-client.ts';
import { METHOD } from '../client/turn-wire.ts';
import type { TurnCase } from '../turn-case.ts';

const CHANNEL = 0x4000;
/** How soon a server should have noticed that a stream makes no sense. */
const PATIENCE_MS = 3000;
/** Far more than the buffers of two sockets and of a server hold. */
const FLOOD_DATAGRAMS = 10_000;
function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Puts octets on the wire in two segments rather than one: the second is written when the first has surely left. */
async function sendInTwo(client: TurnClient, bytes: Uint8Array, at: number): Promise<void> {
  client.send(bytes.subarray(0, at));
  await delay(2);
  client.send(bytes.subarray(at));
}

export const STREAM_CASES: readonly TurnCase[] = [
  {
    id: 'stream.octet-by-octet',
    title: 'A request that arrives octet by octet is answered',
    rule: 'RFC 8489 §6.2.2',
    transports: ['tcp'],
    run: async ({ client }) => {
      const slow = await client();
      const request = composeMessage({ method: METHOD.binding });
      for (const octet of request) {
        slow.send(Uint8Array.of(octet));
        await delay(1);
      }
      expect((await slow.answerTo(request)).outcome).toBe('success');
    },
  },
  {
    id: 'stream.joined',
    title: 'Messages that arrive in one segment are all answered, in order',
    rule: 'RFC 8489 §6.2.2',
    transports: ['tcp'],
    run: async ({ client }) => {
      const joined = await client();
      const requests = Array.from({ length: 20 }, () => composeMessage({ method: METHOD.binding }));
      joined.send(join(...requests));
      for (const request of requests) expect((await joined.answerTo(request)).outcome).toBe('success');
    },
  },
  {
    id: 'stream.split-anywhere',
    title: 'Requests and ChannelData may be cut in two at any octet',
    rule: 'RFC 8656 §12.5',
    transports: ['tcp'],
    run: async ({ allocated, peer }) => {
      const [{ bind, client }, other] = [await allocated(), await peer()];
      await bind(CHANNEL, other.address);
      const payload = octets('abcde');
      const media = encodeChannelData(CHANNEL, payload, 3);
      const length = media.length + composeMessage({ method: METHOD.binding }).length;
      for (let at = 1; at < length; at += 1) {
        const request = composeMessage({ method: METHOD.binding });
        await sendInTwo(client, join(media, request), at);
        expect((await client.answerTo(request)).outcome).toBe('success');
        expect((await other.received.take(`the payload cut at ${at}`)).payload).toEqual(payload);
      }
    },
  },
  {
    id: 'stream.channel-data-padding',
    title:
      'ChannelData is padded to four octets in both directions, with zeros, and the padding is not counted',
    rule: 'RFC 8656 §12.5',
    transports: ['tcp'],
    run: async ({ allocated, peer }) => {
      const [{ bind, sendOnChannel, nextChannelData, relayed }, other] = [await allocated(), await peer()];
      await bind(CHANNEL, other.address);
      for (let length = 0; length <= 9; length += 1) {
        const payload = pattern(length);
        sendOnChannel(CHANNEL, payload);
        expect((await other.received.take(`${length} octets`)).payload).toEqual(payload);
        other.send(relayed, payload);
        const back = await nextChannelData();
        expect(back.payload).toEqual(payload);
        expect(back.padding.join(' ')).toBe(new Uint8Array(-length & 3).join(' '));
      }
    },
  },
  {
    id: 'stream.large',
    title: 'Payloads of 9000 octets pass whole in both directions',
    rule: 'RFC 8656 §12.5',
    transports: ['tcp'],
    run: async ({ allocated, peer }) => {
      const [{ bind, sendOnChannel, nextChannelData, relayed }, other] = [await allocated(), await peer()];
      await bind(CHANNEL, other.address);
      const payload = pattern(9000);
      sendOnChannel(CHANNEL, payload);
      expect((await other.received.take('9000 octets')).payload).toEqual(payload);
      other.send(relayed, payload);
      expect((await nextChannelData()).payload).toEqual(payload);
    },
  },
  {
    id: 'stream.desync',
    title: 'A stream of octets that are neither STUN nor ChannelData is ended',
    rule: 'RFC 8656 §12.6',
    transports: ['tcp'],
    run: async ({ client }) => {
      const lost = await client();
      lost.send(new Uint8Array(64).fill(0xff));
      expect(await endOf(lost, PATIENCE_MS)).toBe('ended');
    },
  },
  {
    id: 'stream.wrong-cookie',
    title: 'A stream that begins with a wrong magic cookie is ended',
    rule: 'RFC 8489 §6.3',
    transports: ['tcp'],
    run: async ({ client }) => {
      const lost = await client();
      const bytes = composeMessage({ method: METHOD.binding });
      bytes.fill(0, 4, 8);
      lost.send(join(bytes, bytes));
      expect(await endOf(lost, PATIENCE_MS)).toBe('ended');
    },
  },
  {
    id: 'stream.slow-reader',
    title:
      'A client that does not read for a while loses payloads at most: what comes then is whole and in order',
    rule: 'RFC 8656 §12.5',
    transports: ['tcp'],
    run: async ({ allocated, peer }) => {
      const [{ bind, client, nextChannelData, relayed }, other] = [await allocated(), await peer()];
      await bind(CHANNEL, other.address);
      client.setReading(false);
      const filling = pattern(1196);
      for (let sent = 0; sent < FLOOD_DATAGRAMS; sent += 1) {
        const payload = Uint8Array.of(0, 0, 0, 0, ...filling);
        new DataView(payload.buffer).setUint32(0, sent);
        other.send(relayed, payload);
        // A server in this process reads in turns of the same event loop, and no faster than some thirty datagrams in each.
        if (sent % 20 === 19) await turnEnded();
        if (sent % 50 === 0) await other.fence();
      }
      client.setReading(true);
      other.send(relayed, octets('the end'));

      let last = -1;
      for (;;) {
        const { payload } = await nextChannelData();
        if (payload.length === 'the end'.length) break;
        const number = new DataView(payload.buffer).getUint32(0);
        expect(Buffer.compare(payload.subarray(4), filling)).toBe(0);
        expect(number).toBeGreaterThan(last);
        last = number;
      }
      await client.fence();
      expect(client.received.rest).toEqual([]);
    },
  },
  {
    id: 'stream.close-ends-allocation',
    title: 'The end of a stream ends its allocation: the same port may allocate again at once',
    rule: 'RFC 8656 §5',
    transports: ['tcp'],
    run: async ({ allocated, client }) => {
      const first = await allocated();
      const { port } = first.client.local;
      await first.client.close();
      // The server hears of the reset in its own time; a new stream is answered 437 until then.
      await expect
        .poll(async () => {
          const again = await client({ localPort: port });
          const signature = await again.signature();
          const attributes = [() => ({ type: 0x0019, value: Uint8Array.of(17, 0, 0, 0) })];
          const { outcome } = await again.request({
            method: METHOD.allocate,
            attributes,
            signature,
            transactionId: newTransactionId(),
          });
          await again.close();
          return outcome;
        })
        .toBe('success');
    },
  },
];
