import { expect, it } from 'vitest';
import { hasSlept } from './nap.ts';

it.each([
  ['in time', 2_000, false],
  ['a second late, as in the background', 3_000, false],
  ['minutes late', 180_000, true],
  ['before its time, as after a correction of the clock', -60_000, false],
])('a timer that rings %s tells of sleep: %s', (_what, laterMs, slept) => {
  expect(hasSlept(1_000, 1_000 + laterMs, 2_000)).toBe(slept);
});
