import { expect, test } from 'vitest';
import { ip } from '../testing/addresses.ts';
import { createRecentSources } from './recent-sources.ts';

test('a source is remembered for as long as one asks for, and no other is', () => {
  const sources = createRecentSources(1);
  sources.note(ip('198.51.100.1'), 1_000);
  sources.note(ip('2001:db8:1:2::3'), 1_000);
  expect(sources.wasHeard(ip('198.51.100.1'), 4_000, 3_000)).toBe(true);
  expect(sources.wasHeard(ip('198.51.100.1'), 4_001, 3_000)).toBe(false);
  expect(sources.wasHeard(ip('198.51.100.2'), 1_000, 3_000)).toBe(false);
  expect(sources.wasHeard(ip('2001:db8:1:2::9'), 1_000, 3_000)).toBe(true);
  expect(sources.wasHeard(ip('2001:db8:1:3::3'), 1_000, 3_000)).toBe(false);
});

test('however many were heard, no more room is taken', () => {
  const sources = createRecentSources(1, 2);
  for (let last = 0; last < 256; last += 1) sources.note(ip(`198.51.100.${last}`), last);
  expect(sources.wasHeard(ip('203.0.113.1'), 256, 100)).toBe(true);
  expect(sources.wasHeard(ip('203.0.113.1'), 10_000, 100)).toBe(false);
});
