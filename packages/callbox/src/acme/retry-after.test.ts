import { expect, test } from 'vitest';
import { parseRetryAfter } from './retry-after.ts';

const nowMs = Date.UTC(2026, 5, 1, 12);

test.each([
  [null, undefined],
  ['120', 120_000],
  ['0', 0],
  ['Mon, 01 Jun 2026 13:00:00 GMT', 3_600_000],
  ['Mon, 01 Jun 2026 11:00:00 GMT', 0],
  ['soon', undefined],
])('%j asks for %j ms', (header, expected) => {
  expect(parseRetryAfter(header, nowMs)).toBe(expected);
});
