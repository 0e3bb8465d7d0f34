import { describe, expect, test } from 'vitest';
import { ATTRIBUTE_TYPE } from '../attributes/attribute-type.ts';
import { verifyIntegrity } from '../integrity/verify-integrity.ts';
import { fromHex, toHex } from '../testing/hex.ts';
import { encodeMessage } from './encode-message.ts';
import { parseMessage } from './parse-message.ts';

const transactionId = fromHex('000102030405060708090a0b');
const key = fromHex('00112233445566778899aabbccddeeff');
const bare = { class: 'request', method: 1, transactionId, attributes: [] } as const;

describe('encodeMessage', () => {
  test('writes a header alone', () => {
    expect(toHex(encodeMessage(bare))).toBe('000100002112a442000102030405060708090a0b');
  });

  test('pads with zeros to four octets', () => {
    const values = ['', '41', '4142', '414243', '41424344'].map((hex) => ({
      type: 0x8022,
      value: fromHex(hex),
    }));
    expect(toHex(encodeMessage({ ...bare, attributes: values }).subarray(20))).toBe(
      ['80220000', '80220001 41000000', '80220002 41420000', '80220003 41424300', '80220004 41424344']
        .join('')
        .replaceAll(' ', ''),
    );
  });

  test('signs before it adds FINGERPRINT, and both hold', () => {
    const bytes = encodeMessage({ ...bare, integrity: { algorithm: 'sha1', key }, fingerprint: true });
    const parsed = parseMessage(bytes);
    expect(parsed.ok && parsed.message.attributes.map(({ type }) => type)).toEqual([
      ATTRIBUTE_TYPE.messageIntegrity,
      ATTRIBUTE_TYPE.fingerprint,
    ]);
    expect(parsed.ok && verifyIntegrity(parsed.message, key)).toBe('ok');
  });

  test('puts the SHA-1 signature before the SHA-256 one, whatever order they are asked in', () => {
    const bytes = encodeMessage({
      ...bare,
      integrity: [
        { algorithm: 'sha256', key },
        { algorithm: 'sha1', key },
      ],
    });
    const parsed = parseMessage(bytes);
    expect(parsed.ok && parsed.message.attributes.map(({ type }) => type)).toEqual([
      ATTRIBUTE_TYPE.messageIntegrity,
      ATTRIBUTE_TYPE.messageIntegritySha256,
    ]);
    expect(parsed.ok && verifyIntegrity(parsed.message, key)).toBe('ok');
  });

  test('holds as much as the length field can say, and not four octets more', () => {
    const fits = { type: 0x0013, value: new Uint8Array(0xfff8) };
    expect(parseMessage(encodeMessage({ ...bare, attributes: [fits] })).ok).toBe(true);
    const excess = { type: 0x0013, value: new Uint8Array(0xfff9) };
    expect(() => encodeMessage({ ...bare, attributes: [excess] })).toThrow(RangeError);
  });

  test.each([
    ['a transaction id of 16 octets', { transactionId: new Uint8Array(16) }],
    ['a method above twelve bits', { method: 0x1000 }],
    ['a negative method', { method: -1 }],
  ])('fails fast on %s', (_, wrong) => {
    expect(() => encodeMessage({ ...bare, ...wrong })).toThrow(RangeError);
  });
});
