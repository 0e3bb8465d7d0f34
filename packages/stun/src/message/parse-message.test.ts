import { describe, expect, test } from 'vitest';
import { ATTRIBUTE_TYPE } from '../attributes/attribute-type.ts';
import { computeFingerprint } from '../integrity/compute-fingerprint.ts';
import { fromHex } from '../testing/hex.ts';
import { RFC5769_IPV4_RESPONSE } from '../testing/published-vectors.ts';
import { encodeMessage } from './encode-message.ts';
import { parseMessage } from './parse-message.ts';
import type { EncodedAttribute, StunMessage } from './stun-message.ts';

const transactionId = fromHex('000102030405060708090a0b');
const HEADER = `2112a442 000102030405060708090a0b`;

function message(attributes: readonly EncodedAttribute[]): Uint8Array {
  return encodeMessage({ class: 'request', method: 1, transactionId, attributes });
}

function parse(bytes: Uint8Array): StunMessage {
  const parsed = parseMessage(bytes);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.message;
}

/** The attribute, and behind it a FINGERPRINT right for what stands before it. */
function withFingerprint(
  before: readonly EncodedAttribute[],
  after: readonly EncodedAttribute[],
): Uint8Array {
  const bytes = message([
    ...before,
    { type: ATTRIBUTE_TYPE.fingerprint, value: new Uint8Array(4) },
    ...after,
  ]);
  const offset = message(before).length;
  new DataView(bytes.buffer).setUint32(offset + 4, computeFingerprint(bytes, offset));
  return bytes;
}

describe('parseMessage', () => {
  test.each([
    ['nothing', '', 'too-short'],
    ['19 octets', `0001 0000 2112a442 000102030405060708090a`, 'too-short'],
    ['ChannelData', `4001 0010 ${HEADER}`, 'not-stun'],
    ['a type with both top bits set', `c001 0000 ${HEADER}`, 'not-stun'],
    ['RFC 3489, without the cookie', `0001 0000 2112a443 000102030405060708090a0b`, 'wrong-cookie'],
    ['a length of two', `0001 0002 ${HEADER} 0000`, 'length-not-multiple-of-four'],
    ['a length beyond the octets', `0001 0004 ${HEADER}`, 'length-mismatch'],
    ['octets beyond the length', `0001 0000 ${HEADER} 00000000`, 'length-mismatch'],
    ['an attribute beyond the end', `0001 0004 ${HEADER} 8022 0001`, 'attribute-overrun'],
    ['an attribute of 65535 octets', `0001 0008 ${HEADER} 8022 ffff 00000000`, 'attribute-overrun'],
    ['a wrong FINGERPRINT', `0001 0008 ${HEADER} 8028 0004 00000000`, 'fingerprint-mismatch'],
    ['a FINGERPRINT of no octets', `0001 0004 ${HEADER} 8028 0000`, 'fingerprint-mismatch'],
    [
      'a FINGERPRINT of eight octets',
      `0001 000c ${HEADER} 8028 0008 0000000000000000`,
      'fingerprint-mismatch',
    ],
  ])('refuses %s', (_, hex, reason) => {
    expect(parseMessage(fromHex(hex))).toEqual({ ok: false, reason });
  });

  test('reads class, method and transaction id', () => {
    expect(parse(fromHex(`0113 0000 ${HEADER}`))).toMatchObject({
      class: 'error',
      method: 3,
      transactionId,
      attributes: [],
    });
  });

  test('gives values without padding, as views into the message, with their offsets', () => {
    const bytes = fromHex(`0001 0010 ${HEADER} 8022 0001 41ffffff 0006 0002 4243ffff`);
    const { attributes } = parse(bytes);
    expect(attributes.map(({ type, value, offset }) => ({ type, value, offset }))).toEqual([
      { type: 0x8022, value: fromHex('41'), offset: 20 },
      { type: 0x0006, value: fromHex('4243'), offset: 28 },
    ]);
    bytes[24] = 0x5a;
    expect(attributes[0]?.value[0]).toBe(0x5a);
  });

  test('reads a message that lies in the middle of a larger buffer', () => {
    const { bytes } = RFC5769_IPV4_RESPONSE;
    const larger = new Uint8Array(bytes.length + 30).fill(0xaa);
    larger.set(bytes, 7);
    const { attributes } = parse(larger.subarray(7, 7 + bytes.length));
    expect(attributes.map(({ type, value }) => [type, value])).toEqual(
      parse(bytes).attributes.map(({ type, value }) => [type, value]),
    );
  });

  test('refuses octets behind FINGERPRINT, even where the FINGERPRINT is right', () => {
    const software = { type: ATTRIBUTE_TYPE.software, value: fromHex('41') };
    expect(parseMessage(withFingerprint([software], [])).ok).toBe(true);
    expect(parseMessage(withFingerprint([], [software]))).toEqual({
      ok: false,
      reason: 'attribute-after-fingerprint',
    });
  });

  test('ignores what follows MESSAGE-INTEGRITY, but for the SHA-256 one and FINGERPRINT', () => {
    const integrity = { type: ATTRIBUTE_TYPE.messageIntegrity, value: new Uint8Array(20) };
    const integritySha256 = { type: ATTRIBUTE_TYPE.messageIntegritySha256, value: new Uint8Array(32) };
    const username = { type: ATTRIBUTE_TYPE.username, value: fromHex('61626364') };
    const bytes = withFingerprint(
      [username, integrity, username, integrity, integritySha256, username, integrity, integritySha256],
      [],
    );
    expect(parse(bytes).attributes.map(({ type }) => type)).toEqual([
      ATTRIBUTE_TYPE.username,
      ATTRIBUTE_TYPE.messageIntegrity,
      ATTRIBUTE_TYPE.messageIntegritySha256,
      ATTRIBUTE_TYPE.fingerprint,
    ]);
  });
});
