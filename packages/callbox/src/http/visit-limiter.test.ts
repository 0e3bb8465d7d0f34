import { expect, test } from 'vitest';
import { createVisitLimiter } from './visit-limiter.ts';

const rate = { burst: 2, secondsPerVisit: 10 };

test('visits in a row are granted up to the burst, and one more for each span that passes', () => {
  const limiter = createVisitLimiter(rate);
  const granted = [0, 0, 0, 9_000, 10_000, 10_000].map((now) => limiter.allow('192.0.2.1', now));
  expect(granted).toEqual([true, true, false, false, true, false]);
});

test('each address has visits of its own', () => {
  const limiter = createVisitLimiter(rate);
  for (const address of ['192.0.2.1', '192.0.2.2']) {
    expect([0, 0, 0].map((now) => limiter.allow(address, now))).toEqual([true, true, false]);
  }
});

test('the addresses of one /64 share theirs, however they are written', () => {
  const limiter = createVisitLimiter(rate);
  const addresses = ['2001:db8::1', '2001:db8:0:0:1:2:3:4', '2001:db8::ffff:1'];
  expect(addresses.map((address) => limiter.allow(address, 0))).toEqual([true, true, false]);
  expect(limiter.allow('2001:db8:0:1::1', 0)).toBe(true);
});

test('a clock that steps back grants nothing more', () => {
  const limiter = createVisitLimiter(rate);
  expect([60_000, 60_000, 0].map((now) => limiter.allow('192.0.2.1', now))).toEqual([true, true, false]);
});

test('of many strangers the longest unseen is forgotten first', () => {
  const limiter = createVisitLimiter({ burst: 1, secondsPerVisit: 1_000 });
  const address = (index: number): string => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
  for (let index = 0; index <= 4_096; index += 1) limiter.allow(address(index), 0);
  expect(limiter.allow(address(4_096), 0)).toBe(false);
  expect(limiter.allow(address(0), 0)).toBe(true);
});
