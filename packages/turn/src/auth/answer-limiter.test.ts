import { describe, expect, test } from 'vitest';
import { ip } from '../testing/addresses.ts';
import { createAnswerLimiter, type AnswerLimiter } from './answer-limiter.ts';

const limiter = (): AnswerLimiter => createAnswerLimiter({ burst: 300, perSecond: 100 }, 42);
const answers = (given: AnswerLimiter, address: string, nowMs: number, asks: number): number =>
  Array.from({ length: asks }, () => given.mayAnswer(ip(address), nowMs)).filter(Boolean).length;

describe('the answer limiter', () => {
  test('lets an office of three hundred reload at once, then a hundred a second', () => {
    const given = limiter();
    expect(answers(given, '198.51.100.1', 0, 1000)).toBe(300);
    expect(answers(given, '198.51.100.1', 1000, 1000)).toBe(100);
    expect(answers(given, '198.51.100.1', 1010, 1000)).toBe(1);
    expect(answers(given, '198.51.100.1', 60_000, 1000)).toBe(300);
  });

  test('takes an IPv6 /64 for one source', () => {
    const given = limiter();
    expect(answers(given, '2001:db8:0:1::1', 0, 300)).toBe(300);
    expect(answers(given, '2001:db8:0:1:ffff::2', 0, 1)).toBe(0);
    expect(answers(given, '2001:db8:0:2::1', 0, 1)).toBe(1);
  });

  test('does not make others wait for one that floods', () => {
    const given = limiter();
    answers(given, '198.51.100.1', 0, 1000);
    const others = Array.from({ length: 200 }, (_, index) => `203.0.113.${index}`);
    // A few may share the flooder's bucket: one in 16,384 each.
    expect(others.filter((other) => answers(given, other, 0, 1) === 1).length).toBeGreaterThanOrEqual(198);
  });

  test('is not upset by a clock that stands still or goes back', () => {
    const given = limiter();
    expect(answers(given, '198.51.100.1', 1000, 300)).toBe(300);
    expect(answers(given, '198.51.100.1', 0, 1)).toBe(0);
  });
});
