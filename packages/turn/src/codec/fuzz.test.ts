import {
  encodeMessage,
  formatTransportAddress,
  parseMessage,
  readAttribute,
  unknownRequiredAttributes,
} from '@callbox/stun';
import { describe, expect, test } from 'vitest';
import { addressOfHostWords } from '../plane/host-words.ts';
import { fuzzMs, repeatFor } from '../testing/fuzz/repeat-for.ts';
import { at } from '../testing/addresses.ts';
import { createSeededRandom, fuzzSeed } from '../testing/seeded-random.ts';
import { channelDataLength } from './channel-data.ts';
import { data } from './data.ts';
import { KNOWN_ATTRIBUTES } from './known-attributes.ts';
import { TURN_METHOD } from './method.ts';
import { createSendIndication, readSendIndication } from './send-indication.ts';
import { StreamFramer } from './stream-framer.ts';
import { TURN_ATTRIBUTE_TYPE } from './turn-attribute-type.ts';
import { xorPeerAddress } from './xor-peer-address.ts';

const SEED = fuzzSeed(process.env['FUZZ_SEED']);
const DURATION_MS = fuzzMs(process.env['FUZZ_SECONDS'], 0.1);
const random = createSeededRandom(SEED);

function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random(256));
}

function pick<T>(items: readonly [T, ...(readonly T[])]): T {
  return items[random(items.length)] ?? items[0];
}

function edit(octets: Uint8Array, odds: number): Uint8Array {
  const copy = Uint8Array.from(octets);
  if (random(odds) !== 0) return copy;
  for (let count = 1 + random(3); count > 0; count -= 1)
    copy[random(copy.length)] = pick([0, 1, 4, 8, 0xff, random(256)]);
  return random(4) === 0 ? copy.subarray(0, random(copy.length + 1)) : copy;
}

/** A Send indication, near enough to a right one. */
function makeSend(): Uint8Array {
  const transactionId = bytes(12);
  const peer = pick([at('8.8.8.8', 1000), at('2a00::1', 65_535), at('::ffff:8.8.8.8', 7), at('0.0.0.0', 0)]);
  const attributes = [
    xorPeerAddress.encode(peer, transactionId),
    { type: TURN_ATTRIBUTE_TYPE.data, value: bytes(pick([0, 1, 3, 4, 160, 1200])) },
  ];
  const odd = pick([
    TURN_ATTRIBUTE_TYPE.xorPeerAddress,
    TURN_ATTRIBUTE_TYPE.data,
    TURN_ATTRIBUTE_TYPE.dontFragment,
    0x0006,
    0x7ffe,
    0x8022,
    0xff05,
  ]);
  if (random(3) === 0)
    attributes.splice(random(3), random(2), { type: odd, value: bytes(pick([0, 4, 8, 20, 21])) });
  return encodeMessage({
    class: 'indication',
    method: TURN_METHOD.send,
    transactionId,
    attributes,
    fingerprint: random(4) === 0,
    ...(random(8) === 0 ? { integrity: { algorithm: 'sha1' as const, key: bytes(16) } } : {}),
  });
}

/** What the fast reader should find, by the general one. */
function readSlowly(octets: Uint8Array): string {
  const parsed = parseMessage(octets);
  if (!parsed.ok || parsed.message.class !== 'indication' || parsed.message.method !== TURN_METHOD.send)
    return 'refused';
  const { message } = parsed;
  const peer = readAttribute(message, xorPeerAddress);
  const payload = readAttribute(message, data);
  const isForbidden = message.attributes.some(({ type }) => type === TURN_ATTRIBUTE_TYPE.dontFragment);
  if (isForbidden || unknownRequiredAttributes(message, KNOWN_ATTRIBUTES).length > 0) return 'refused';
  if (peer.kind !== 'present' || payload.kind !== 'present') return 'refused';
  const text = formatTransportAddress(peer.value);
  return text.startsWith('[::ffff:') ? 'refused' : `${text} ${Buffer.from(payload.value).toString('hex')}`;
}

const send = createSendIndication();

function readFast(octets: Uint8Array): string {
  if (!readSendIndication(octets, 0, octets.length, send)) return 'refused';
  const peer = { ...addressOfHostWords(send.peerWords, send.peerFamily), port: send.peerPort };
  const payload = octets.subarray(send.dataStart, send.dataStart + send.dataBytes);
  return `${formatTransportAddress(peer)} ${Buffer.from(payload).toString('hex')}`;
}

describe(`octets nobody should send (FUZZ_SEED=${SEED})`, () => {
  test(
    'the fast reader of Send indications finds what the general one finds',
    async () => {
      const counts = { refused: 0, read: 0 };
      const findings: string[] = [];
      await repeatFor(DURATION_MS, () => {
        const octets = edit(makeSend(), 2);
        if (octets[0] !== 0 || octets[1] !== 0x16) return;
        const slow = readSlowly(octets);
        if (readFast(octets) !== slow)
          findings.push(`${Buffer.from(octets).toString('hex')}: ${readFast(octets)}, not ${slow}`);
        counts[slow === 'refused' ? 'refused' : 'read'] += 1;
      });
      expect(findings.slice(0, 3)).toEqual([]);
      expect(Math.min(counts.refused, counts.read)).toBeGreaterThan(100);
    },
    DURATION_MS + 60_000,
  );

  test(
    'a stream gives the same messages however it is cut, and never one that was not sent whole',
    async () => {
      const findings: string[] = [];
      let frames = 0;
      await repeatFor(DURATION_MS, () => {
        const stream = Buffer.concat(Array.from({ length: 1 + random(5) }, () => edit(makeFrame(), 8)));
        const whole = cutUp(stream, () => stream.length);
        const pieces = cutUp(stream, () => 1 + random(40));
        if (whole.join() !== pieces.join())
          findings.push(`${stream.toString('hex')}: ${pieces.join()}, not ${whole.join()}`);
        frames += whole.length;
      });
      expect(findings.slice(0, 3)).toEqual([]);
      expect(frames).toBeGreaterThan(100);
    },
    DURATION_MS + 60_000,
  );
});

function makeFrame(): Uint8Array {
  if (random(2) === 0) return makeSend();
  const payload = bytes(random(50));
  const padded = new Uint8Array((payload.length + 3) & ~3);
  padded.set(payload);
  return Uint8Array.of(0x40 + random(3), random(256), 0, payload.length, ...padded);
}

/** The messages that come of a stream in pieces, and its error if it has one. */
function cutUp(stream: Uint8Array, nextLength: () => number): readonly string[] {
  const framer = new StreamFramer(2000);
  const found: string[] = [];
  const sink = {
    onFrame: (octets: Uint8Array, start: number, end: number): void => {
      found.push(Buffer.from(octets.subarray(start, end)).toString('hex'));
      const isChannelData = (octets[start] ?? 0) >= 0x40;
      if (isChannelData && channelDataLength(octets, start, end) !== end - start - 4) found.push('not whole');
    },
  };
  for (let offset = 0; offset < stream.length;) {
    const length = nextLength();
    // The framer may keep nothing of what it is lent.
    const chunk = Uint8Array.from(stream.subarray(offset, offset + length));
    const error = framer.push(chunk, sink);
    chunk.fill(0xee);
    // Which error it is depends on how much of a header has come.
    if (error !== undefined) return [...found, 'ended'];
    offset += length;
  }
  return found;
}
