import { describe, expect, test } from 'vitest';
import { encodeMessage } from '../message/encode-message.ts';
import { parseMessage } from '../message/parse-message.ts';
import type { EncodedAttribute, StunMessage } from '../message/stun-message.ts';
import { fromHex } from '../testing/hex.ts';
import { readAllAttributes, readAttribute } from './attribute-codec.ts';
import { software } from './software.ts';
import { unknownRequiredAttributes } from './unknown-required-attributes.ts';

const transactionId = fromHex('000102030405060708090a0b');
const NOT_UTF8: EncodedAttribute = { type: software.type, value: fromHex('ff') };

function messageOf(attributes: readonly EncodedAttribute[]): StunMessage {
  const parsed = parseMessage(encodeMessage({ class: 'request', method: 1, transactionId, attributes }));
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.message;
}

const first = software.encode('first', transactionId);
const second = software.encode('second', transactionId);

describe('readAttribute', () => {
  test('tells absent, malformed and present apart', () => {
    expect(readAttribute(messageOf([]), software)).toEqual({ kind: 'absent' });
    expect(readAttribute(messageOf([NOT_UTF8]), software)).toEqual({ kind: 'malformed', reason: 'not-utf8' });
    expect(readAttribute(messageOf([first]), software)).toEqual({ kind: 'present', value: 'first' });
  });

  test('takes the first of several, malformed or not', () => {
    expect(readAttribute(messageOf([first, second]), software)).toEqual({ kind: 'present', value: 'first' });
    expect(readAttribute(messageOf([first, NOT_UTF8]), software)).toMatchObject({ kind: 'present' });
    expect(readAttribute(messageOf([NOT_UTF8, first]), software)).toMatchObject({ kind: 'malformed' });
  });
});

describe('readAllAttributes', () => {
  test('takes all in order, and one malformed spoils them', () => {
    expect(readAllAttributes(messageOf([]), software)).toEqual({ kind: 'absent' });
    expect(readAllAttributes(messageOf([first, second]), software)).toEqual({
      kind: 'present',
      value: ['first', 'second'],
    });
    expect(readAllAttributes(messageOf([first, NOT_UTF8]), software)).toEqual({
      kind: 'malformed',
      reason: 'not-utf8',
    });
  });
});

describe('unknownRequiredAttributes', () => {
  test('names each type below 0x8000 that is not known, once', () => {
    const message = messageOf(
      [0x0026, 0x0006, 0x7fff, 0x0026, 0x8000, 0xff05].map((type) => ({ type, value: new Uint8Array(4) })),
    );
    expect(unknownRequiredAttributes(message, new Set([0x0006]))).toEqual([0x0026, 0x7fff]);
  });
});
