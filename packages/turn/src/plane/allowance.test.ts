import { describe, expect, test } from 'vitest';
import { Allowance } from './allowance.ts';

describe('an allowance', () => {
  test('lets as much pass as its rate gives, in pieces or at once', () => {
    let nowMs = 0;
    const allowance = new Allowance(1000, nowMs);
    let passedBytes = 0;
    for (; nowMs < 10_000; nowMs += 1) {
      while (allowance.take(20, () => nowMs)) passedBytes += 20;
    }
    expect(passedBytes).toBeGreaterThanOrEqual(10_000);
    expect(passedBytes).toBeLessThanOrEqual(10_000 + 100 + 20);
  });

  test('saves up a tenth of a second and no more', () => {
    let nowMs = 0;
    const allowance = new Allowance(1000, nowMs);
    const drain = (): number => {
      let count = 0;
      while (allowance.take(1, () => nowMs)) count += 1;
      return count;
    };
    drain();
    nowMs = 60_000;
    expect(drain()).toBe(100);
    nowMs += 50;
    expect(drain()).toBe(50);
  });

  test('lets a packet pass that is longer than everything saved, and makes the next wait for it', () => {
    let nowMs = 0;
    const allowance = new Allowance(1000, nowMs);
    expect(allowance.take(1100, () => nowMs)).toBe(true);
    nowMs = 1000;
    expect(allowance.take(1, () => nowMs)).toBe(false);
    nowMs = 1001;
    expect(allowance.take(1, () => nowMs)).toBe(true);
  });

  test('begins with little when its rate is great, so that nothing is gained by a new one', () => {
    const allowance = new Allowance(100_000_000, 0);
    let passedBytes = 0;
    while (allowance.take(1024, () => 0)) passedBytes += 1024;
    expect(passedBytes).toBe(16 * 1024);
  });

  test('may be without limit', () => {
    const allowance = new Allowance(Infinity, 0);
    for (let count = 0; count < 1000; count += 1) expect(allowance.take(1e12, () => 0)).toBe(true);
  });

  test('does not mind a clock that stands still or goes back', () => {
    const allowance = new Allowance(1000, 5000);
    while (allowance.take(100, () => 5000));
    expect(allowance.take(1, () => 1000)).toBe(false);
    expect(allowance.take(1, () => 1001)).toBe(true);
  });
});
