import { encodeMessage, METHOD } from '@callbox/stun';
import { expect, test } from 'vitest';
import { at } from '../testing/addresses.ts';
import { octetsOf, writeChannelData, writeSend } from '../testing/media.ts';
import { looksLikeTurn } from './looks-like-turn.ts';

const BINDING = encodeMessage({
  class: 'request',
  method: METHOD.binding,
  transactionId: new Uint8Array(12),
  attributes: [],
});

test('messages and media look like TURN, however they go on', () => {
  expect(looksLikeTurn(BINDING)).toBe(true);
  expect(looksLikeTurn(BINDING.subarray(0, 8))).toBe(true);
  expect(looksLikeTurn(writeSend(at('192.0.2.1', 1), octetsOf('x')))).toBe(true);
  expect(looksLikeTurn(writeChannelData(0x4000, octetsOf('x')))).toBe(true);
  expect(looksLikeTurn(Uint8Array.of(0x7f))).toBe(true);
});

test('what is shorter, has another cookie or another first octet does not', () => {
  expect(looksLikeTurn(Uint8Array.of())).toBe(false);
  expect(looksLikeTurn(BINDING.subarray(0, 7))).toBe(false);
  for (const index of [4, 5, 6, 7]) {
    expect(looksLikeTurn(BINDING.map((octet, position) => (position === index ? octet ^ 1 : octet)))).toBe(
      false,
    );
  }
  for (const first of [0x80, 0x90, 0xc0, 0xff]) {
    expect(looksLikeTurn(BINDING.map((octet, position) => (position === 0 ? first : octet)))).toBe(false);
  }
});
