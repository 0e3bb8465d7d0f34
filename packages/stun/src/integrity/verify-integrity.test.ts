import { describe, expect, test } from 'vitest';
import { ATTRIBUTE_TYPE } from '../attributes/attribute-type.ts';
import { encodeMessage } from '../message/encode-message.ts';
import { parseMessage } from '../message/parse-message.ts';
import type { StunMessage } from '../message/stun-message.ts';
import { fromHex } from '../testing/hex.ts';
import { computeIntegrity } from './compute-integrity.ts';
import { verifyIntegrity } from './verify-integrity.ts';

const transactionId = fromHex('000102030405060708090a0b');
const key = fromHex('00112233445566778899aabbccddeeff');
const otherKey = fromHex('ff112233445566778899aabbccddeeff');
const username = { type: ATTRIBUTE_TYPE.username, value: fromHex('616263') };
const bare = { class: 'request', method: 3, transactionId, attributes: [username] } as const;

function parse(bytes: Uint8Array): StunMessage {
  const parsed = parseMessage(bytes);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.message;
}

/** A message whose last attribute is an integrity of `valueBytes` octets: the right HMAC cut short, or filled up with zeros. */
function signedWithLength(algorithm: 'sha1' | 'sha256', valueBytes: number): StunMessage {
  const type = algorithm === 'sha1' ? ATTRIBUTE_TYPE.messageIntegrity : ATTRIBUTE_TYPE.messageIntegritySha256;
  const offset = encodeMessage(bare).length;
  const bytes = encodeMessage({
    ...bare,
    attributes: [username, { type, value: new Uint8Array(valueBytes) }],
  });
  const hmac = computeIntegrity({ algorithm, key, bytes, offset, valueBytes });
  bytes.set(hmac.subarray(0, valueBytes), offset + 4);
  return parse(bytes);
}

describe('verifyIntegrity', () => {
  test('says absent where there is none', () => {
    expect(verifyIntegrity(parse(encodeMessage(bare)), key)).toBe('absent');
  });

  test.each(['sha1', 'sha256'] as const)('accepts the right key and no other with %s', (algorithm) => {
    const message = parse(encodeMessage({ ...bare, integrity: { algorithm, key }, fingerprint: true }));
    expect(verifyIntegrity(message, key)).toBe('ok');
    expect(verifyIntegrity(message, otherKey)).toBe('wrong');
  });

  test.each([16, 20, 24, 28, 32])('accepts SHA-256 truncated to %i octets', (valueBytes) => {
    expect(verifyIntegrity(signedWithLength('sha256', valueBytes), key)).toBe('ok');
  });

  test.each([0, 4, 12, 15, 17, 33, 36])('takes SHA-256 of %i octets for wrong', (valueBytes) => {
    expect(verifyIntegrity(signedWithLength('sha256', valueBytes), key)).toBe('wrong');
  });

  test.each([0, 16, 19, 21, 24])('takes SHA-1 of %i octets for wrong', (valueBytes) => {
    expect(verifyIntegrity(signedWithLength('sha1', valueBytes), key)).toBe('wrong');
  });

  test('wants both where both are there', () => {
    const message = parse(
      encodeMessage({
        ...bare,
        integrity: [
          { algorithm: 'sha1', key },
          { algorithm: 'sha256', key: otherKey },
        ],
      }),
    );
    expect(verifyIntegrity(message, key)).toBe('wrong');
    expect(verifyIntegrity(message, otherKey)).toBe('wrong');
  });

  test('notices any octet changed under the signature', () => {
    const bytes = encodeMessage({ ...bare, integrity: { algorithm: 'sha1', key } });
    const changed = [1, ...Array.from({ length: 12 }, (_, index) => 8 + index), 24, 25, 26, 27];
    for (const offset of changed) {
      const copy = Uint8Array.from(bytes);
      copy[offset] = (copy[offset] ?? 0) ^ 0x01;
      expect(verifyIntegrity(parse(copy), key), `octet ${offset}`).toBe('wrong');
    }
  });
});
