import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import * as stun from './index.ts';
import type { AttributeCodec, StunMessage } from './index.ts';
import { fromHex, toHex } from './testing/hex.ts';
import { ALL_VECTORS, BROWSER_CAPTURES, RFC5769_REQUEST } from './testing/published-vectors.ts';
import { createSeededRandom, fuzzSeed } from './testing/seeded-random.ts';

/** Inputs worth keeping, one file each: hexadecimal, `#` starts a comment. A new finding is added here with its fix. */
const CORPUS = new URL('../corpus/', import.meta.url);
const FUZZ_SEED = fuzzSeed(process.env['FUZZ_SEED']);
/** Where FUZZ_SECONDS says how long all fuzz tests shall take, this is the share of the further seeds. */
const FURTHER_MS = Number(process.env['FUZZ_SECONDS'] ?? 1) * 1000 * 0.3;
const MUTATION_ROUNDS = 20_000;
const RANDOM_ROUNDS = 20_000;
const SEEDS: readonly Uint8Array[] = [...ALL_VECTORS, ...Object.values(BROWSER_CAPTURES)];
const KEY = fromHex('00112233445566778899aabbccddeeff');

const CODECS: readonly AttributeCodec<unknown>[] = Object.values(stun).flatMap((exported) =>
  typeof exported === 'object' && 'parse' in exported ? [exported as AttributeCodec<unknown>] : [],
);

/** Integrity and fingerprint are made by the encoder, not handed to it. */
const GUARDS = new Set(
  [stun.messageIntegrity, stun.messageIntegritySha256, stun.fingerprint].map(({ type }) => type),
);

function reencode(message: StunMessage): Uint8Array {
  return stun.encodeMessage({
    class: message.class,
    method: message.method,
    transactionId: message.transactionId,
    attributes: message.attributes.filter(({ type }) => !GUARDS.has(type)),
    fingerprint: true,
  });
}

/** A value that was understood and does not mean the same once written again. */
function unstableCodec(message: StunMessage, value: Uint8Array): string | undefined {
  const { transactionId } = message;
  for (const codec of CODECS) {
    const parsed = codec.parse({ type: codec.type, value, offset: stun.HEADER_BYTES }, transactionId);
    if (!parsed.ok) continue;
    const encoded = codec.encode(parsed.value, transactionId);
    const again = codec.parse({ ...encoded, offset: stun.HEADER_BYTES }, transactionId);
    if (!isDeepStrictEqual(again, parsed)) return `${codec.name} changed`;
  }
  return undefined;
}

/**
 * What must hold for any octets: nothing throws, and what was understood means the same when it is written again.
 * `refused` and `understood` are both right; anything else is a finding.
 */
function outcomeOf(bytes: Uint8Array): string {
  // A Buffer, as sockets give it: its methods differ from those of other views.
  const received = Buffer.from(bytes);
  const outcome = outcomeOfReading(received);
  return received.equals(bytes) ? outcome : 'the input was changed';
}

function outcomeOfReading(bytes: Uint8Array): string {
  const parsed = stun.parseMessage(bytes);
  if (!parsed.ok) return 'refused';
  const { message } = parsed;
  if (!stun.isStunMessage(bytes)) return 'isStunMessage disagrees';
  stun.verifyIntegrity(message, KEY);
  stun.unknownRequiredAttributes(message, new Set());
  for (const codec of CODECS) {
    stun.readAttribute(message, codec);
    stun.readAllAttributes(message, codec);
  }
  for (const { value } of message.attributes) {
    const unstable = unstableCodec(message, value);
    if (unstable !== undefined) return unstable;
  }
  const encoded = reencode(message);
  const again = stun.parseMessage(encoded);
  if (!again.ok) return `written again: ${again.reason}`;
  return toHex(reencode(again.message)) === toHex(encoded) ? 'understood' : 'written again: changed';
}

/** Runs every input and counts the outcomes; a finding is reported with its octets, ready for the corpus. */
function tally(inputs: Iterable<Uint8Array>): {
  readonly refused: number;
  readonly understood: number;
  readonly findings: readonly string[];
} {
  const counts = { refused: 0, understood: 0, findings: [] as string[] };
  for (const bytes of inputs) {
    const outcome = outcomeOf(bytes);
    if (outcome === 'refused' || outcome === 'understood') counts[outcome] += 1;
    else counts.findings.push(`${outcome}: ${toHex(bytes)}`);
  }
  return counts;
}

function* corpus(): Generator<Uint8Array> {
  for (const file of readdirSync(CORPUS)) {
    yield fromHex(readFileSync(new URL(file, CORPUS), 'utf8').replaceAll(/#.*$/gmu, ''));
  }
}

function* truncations(): Generator<Uint8Array> {
  for (const seed of SEEDS) {
    for (let length = 0; length < seed.length; length += 1) yield seed.slice(0, length);
  }
}

function* flips(seed: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < seed.length * 8; bit += 1) {
    const flipped = Uint8Array.from(seed);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    yield flipped;
  }
}

function* mutations(seed: number): Generator<Uint8Array> {
  const random = createSeededRandom(seed);
  for (let round = 0; round < MUTATION_ROUNDS; round += 1) {
    const original = Uint8Array.from(random.pick(SEEDS));
    // Mostly without FINGERPRINT, or nothing would get past it.
    const bytes = original.slice(0, Math.max(stun.HEADER_BYTES, original.length - random.pick([0, 8, 8, 8])));
    new DataView(bytes.buffer).setUint16(2, bytes.length - stun.HEADER_BYTES);
    for (let edit = random.below(6); edit > 0; edit -= 1) {
      const at = random.pick([random.below(bytes.length), stun.HEADER_BYTES + random.below(8)]);
      if (at < bytes.length) bytes[at] = random.pick([0, 1, 4, 8, 0x20, 0x7f, 0x80, 0xff, random.below(256)]);
    }
    yield bytes;
  }
}

function* randomMessages(seed: number): Generator<Uint8Array> {
  const random = createSeededRandom(seed);
  const types = [...CODECS.map(({ type }) => type), 0x0012, 0x7fff, 0x8000, 0xffff];
  for (let round = 0; round < RANDOM_ROUNDS; round += 1) {
    const attributes = Array.from({ length: random.below(6) }, () => ({
      type: random.pick(types),
      value: random.bytes(random.pick([0, 1, 4, 8, 16, 20, 32, random.below(70)])),
    }));
    const messageClass = random.pick(['request', 'indication', 'success', 'error'] as const);
    const transactionId = random.bytes(12);
    yield stun.encodeMessage({
      class: messageClass,
      method: random.below(0x1000),
      transactionId,
      attributes,
    });
  }
}

function* randomOctets(seed: number): Generator<Uint8Array> {
  const random = createSeededRandom(seed);
  for (let round = 0; round < RANDOM_ROUNDS; round += 1) yield random.bytes(random.below(80));
}

// An input that makes something throw fails the test by itself.
describe('foreign octets', () => {
  test('the corpus is read without a throw and without a change', () => {
    const { refused, understood, findings } = tally(corpus());
    expect(findings).toEqual([]);
    expect(refused + understood).toBe(readdirSync(CORPUS).length);
  });

  test('published messages are understood whole, and refused at every other length', () => {
    expect(tally(SEEDS)).toEqual({ refused: 0, understood: SEEDS.length, findings: [] });
    expect(tally(truncations())).toMatchObject({ understood: 0, findings: [] });
  });

  test('published messages with any one bit flipped', () => {
    for (const seed of SEEDS) expect(tally(flips(seed)).findings).toEqual([]);
  });

  test('FINGERPRINT notices every flipped bit, but in a length or its own type, which can hide it', () => {
    const seed = RFC5769_REQUEST.bytes;
    const parsed = stun.parseMessage(seed);
    const attributes = parsed.ok ? parsed.message.attributes : [];
    const hiding = new Set(attributes.flatMap(({ offset }) => [offset + 2, offset + 3]));
    for (const { type, offset } of attributes) {
      if (type === stun.fingerprint.type) hiding.add(offset).add(offset + 1);
    }
    const guarded = [...flips(seed)].filter((_, bit) => !hiding.has(bit >> 3));
    expect(tally(guarded)).toEqual({ refused: (seed.length - 14) * 8, understood: 0, findings: [] });
  });

  test(`mutations of published messages (FUZZ_SEED=${FUZZ_SEED})`, () => {
    const { findings, understood } = tally(mutations(FUZZ_SEED));
    expect(findings).toEqual([]);
    // Fuzz that never gets past the header proves nothing.
    expect(understood).toBeGreaterThan(MUTATION_ROUNDS / 20);
  });

  test(`random attributes in a right frame (FUZZ_SEED=${FUZZ_SEED})`, () => {
    const { findings, understood } = tally(randomMessages(FUZZ_SEED));
    expect(findings).toEqual([]);
    expect(understood).toBeGreaterThan(RANDOM_ROUNDS / 20);
  });

  test(
    `mutations and random attributes of further seeds, as long as there is time (FUZZ_SEED=${FUZZ_SEED})`,
    async () => {
      const end = performance.now() + FURTHER_MS;
      let understood = 0;
      for (let seed = FUZZ_SEED + 1; performance.now() < end; seed += 1) {
        for (const inputs of [mutations(seed), randomMessages(seed)]) {
          const outcome = tally(inputs);
          expect(outcome.findings).toEqual([]);
          understood += outcome.understood;
          await setImmediate();
        }
      }
      expect(understood).toBeGreaterThan(0);
    },
    FURTHER_MS + 60_000,
  );

  test(`random octets (FUZZ_SEED=${FUZZ_SEED})`, () => {
    expect(tally(randomOctets(FUZZ_SEED))).toEqual({ refused: RANDOM_ROUNDS, understood: 0, findings: [] });
  });
});
