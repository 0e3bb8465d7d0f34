import { describe, expect, test } from 'vitest';
import { ip } from '../testing/addresses.ts';
import { createSeededRandom } from '../testing/seeded-random.ts';
import { HostTable } from './host-table.ts';
import { hostWordsOf } from './host-words.ts';

describe('the host table', () => {
  test('agrees with a plain map through ten thousand changes', () => {
    const random = createSeededRandom(3);
    const table = new HostTable<number>(99);
    const model = new Map<string, number>();
    for (let round = 0; round < 10_000; round += 1) {
      const text =
        random(2) === 0 ? `10.0.${random(4)}.${random(8)}` : `2001:db8::${random(64).toString(16)}`;
      const words = hostWordsOf(ip(text));
      if (random(3) === 0) {
        table.delete(words);
        model.delete(text);
      } else {
        table.set(words, round);
        model.set(text, round);
      }
      expect(table.find(words)).toBe(model.get(text));
    }
    for (const [text, value] of model) expect(table.find(hostWordsOf(ip(text)))).toBe(value);
  });

  test('keeps an IPv6 address apart from an IPv4 one that has its hash', () => {
    // With seed 0 the hash of `::` is 0, and so is that of 0.0.0.0.
    const table = new HostTable<string>(0);
    table.set(hostWordsOf(ip('0.0.0.0')), 'none');
    table.set(hostWordsOf(ip('::')), 'all zero');
    expect(table.find(hostWordsOf(ip('0.0.0.0')))).toBe('none');
    expect(table.find(hostWordsOf(ip('::')))).toBe('all zero');
    table.delete(hostWordsOf(ip('::')));
    expect(table.find(hostWordsOf(ip('0.0.0.0')))).toBe('none');
    expect(table.find(hostWordsOf(ip('::')))).toBeUndefined();
  });
});
