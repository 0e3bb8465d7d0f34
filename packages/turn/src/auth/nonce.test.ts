import { describe, expect, test } from 'vitest';
import { at } from '../testing/addresses.ts';
import { createNonces } from './nonce.ts';

const KEY = new Uint8Array(32).fill(1);
const NOW = 1_767_225_600;
const client = at('198.51.100.1', 40_000);
const nonces = createNonces(KEY, 600);
const textOf = (octets: Iterable<number>): string => String.fromCharCode(...octets);

describe('a nonce', () => {
  test('has sixteen plain characters', () => {
    expect(textOf(nonces.issue(client, NOW))).toMatch(/^[\w-]{16}$/u);
  });

  test('is known to everybody who has the key', () => {
    const elsewhere = createNonces(KEY.slice(), 600);
    expect(elsewhere.judge(nonces.issue(client, NOW), client, NOW)).toBe('valid');
    const stranger = createNonces(new Uint8Array(32).fill(2), 600);
    expect(stranger.judge(nonces.issue(client, NOW), client, NOW)).toBe('foreign');
  });

  test.each([
    [0, 'valid'],
    [600, 'valid'],
    [601, 'stale'],
    [-600, 'valid'],
    [-601, 'stale'],
  ])('after %i seconds is %s', (seconds, verdict) => {
    expect(nonces.judge(nonces.issue(client, NOW), client, NOW + seconds)).toBe(verdict);
  });

  test.each([
    ['port', at('198.51.100.1', 40_001)],
    ['swapped port', at('198.51.100.1', 0x409c)],
    ['address', at('198.51.100.2', 40_000)],
    ['family', at('::ffff:198.51.100.1', 40_000)],
  ])('is bound to its client: another %s', (_name, other) => {
    expect(nonces.judge(nonces.issue(client, NOW), other, NOW)).toBe('foreign');
  });

  test('does not hold with any one character changed', () => {
    const nonce = nonces.issue(client, NOW);
    const forged = Array.from(nonce, (character, index) => {
      const other = textOf([character]) === 'A' ? 'B' : 'A';
      return nonce.with(index, other.charCodeAt(0));
    });
    expect(forged.filter((candidate) => nonces.judge(candidate, client, NOW) !== 'foreign')).toEqual([]);
  });

  test.each(['', 'short', 'x'.repeat(17), '=!?=!?=!?=!?=!?=', 'x'.repeat(15) + '\u00FF'])(
    'of the wrong shape does not hold: "%s"',
    (text) => {
      expect(nonces.judge(Buffer.from(text, 'latin1'), client, NOW)).toBe('foreign');
    },
  );
});
