import { expect, it } from 'vitest';
import { formatElapsed } from './format-elapsed.ts';

it.each([
  [0, '0:00'],
  [7_999, '0:07'],
  [247_000, '4:07'],
  [724_000, '12:04'],
  [3_609_000, '1:00:09'],
  [36_000_000, '10:00:00'],
])('writes %i ms as %s', (ms, words) => {
  expect(formatElapsed(ms)).toBe(words);
});
