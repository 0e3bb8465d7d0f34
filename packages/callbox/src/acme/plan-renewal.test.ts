import { describe, expect, test } from 'vitest';
import { chooseStep, planNextQuestion, planRenewal, planRetry, type RenewalState } from './plan-renewal.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const ninetyDays = { notBeforeMs: 0, notAfterMs: 90 * dayMs };
const sixDays = { notBeforeMs: 0, notAfterMs: 160 * hourMs };

describe('when to renew', () => {
  test.each([
    ['in the middle of its jitter at two thirds of its life', ninetyDays, 0.5, 60 * dayMs],
    ['a hundredth of its life earlier at most', ninetyDays, 0, 59.1 * dayMs],
    ['a hundredth of its life later at most', ninetyDays, 1, 60.9 * dayMs],
    ['in time also when it lives six days', sixDays, 0.5, (160 * 2 * hourMs) / 3],
  ])('without a hint: %s', (_when, lifetime, random, expected) => {
    expect(planRenewal(lifetime, undefined, random)).toBeCloseTo(expected, 0);
  });

  test('with a hint: anywhere within the window', () => {
    const window = { startMs: 10 * dayMs, endMs: 12 * dayMs };
    expect([0, 0.25, 1].map((random) => planRenewal(ninetyDays, window, random))).toEqual([
      10 * dayMs,
      10.5 * dayMs,
      12 * dayMs,
    ]);
  });

  test('never after its end, whatever the hint', () => {
    const window = { startMs: 100 * dayMs, endMs: 101 * dayMs };
    expect(planRenewal(ninetyDays, window, 0.5)).toBe(90 * dayMs);
  });
});

test.each([
  ['as the authority says', hourMs, hourMs],
  ['not at once', 0, 10_000],
  ['at least once a day', 7 * dayMs, dayMs],
  ['every six hours where it does not say', undefined, 6 * hourMs],
])('the hint is asked for again %s', (_when, askAgainAfterMs, expected) => {
  expect(planNextQuestion(askAgainAfterMs)).toBe(expected);
});

describe('after attempts that failed', () => {
  test('the wait doubles from a quarter of an hour to six hours where the authority refused', () => {
    const waits = [1, 2, 3, 4, 5, 6, 1000].map((inRow) => planRetry(inRow, true, undefined, 0) / minuteMs);
    expect(waits).toEqual([15, 30, 60, 120, 240, 360, 360]);
  });

  test('of one that did not reach it, from a minute', () => {
    expect([1, 2, 3].map((inRow) => planRetry(inRow, false, undefined, 0) / minuteMs)).toEqual([1, 2, 4]);
  });

  test('it is as long as the authority asks at least', () => {
    expect(planRetry(1, true, dayMs, 0)).toBe(dayMs);
    expect(planRetry(4, true, minuteMs, 0)).toBe(2 * hourMs);
  });

  test('it is longer by up to a fifth, so that not everybody comes at once', () => {
    expect(planRetry(1, true, undefined, 1)).toBe(18 * minuteMs);
  });
});

describe('the next step', () => {
  const state: RenewalState = {
    lifetime: ninetyDays,
    window: undefined,
    random: 0.5,
    retryAtMs: 0,
    questionAtMs: dayMs,
  };

  test.each<[string, Partial<RenewalState>, number, object]>([
    ['without a certificate is to order one', { lifetime: undefined }, 0, { does: 'order' }],
    [
      'without one, after a failure, is to wait',
      { lifetime: undefined, retryAtMs: hourMs },
      0,
      { does: 'wait', untilMs: hourMs },
    ],
    ['is to wait for the question', {}, 0, { does: 'wait', untilMs: dayMs }],
    ['is to ask when it is time', {}, dayMs, { does: 'ask' }],
    [
      'is to wait for the renewal if that comes first',
      { questionAtMs: 80 * dayMs },
      0,
      { does: 'wait', untilMs: 60 * dayMs },
    ],
    ['is to renew when it is time', { questionAtMs: 80 * dayMs }, 60 * dayMs, { does: 'order' }],
    [
      'is to renew at once when the window is over',
      { window: { startMs: 1, endMs: 2 } },
      hourMs,
      { does: 'order' },
    ],
    [
      'after a renewal that failed is to go on asking meanwhile',
      { retryAtMs: 61 * dayMs },
      60 * dayMs,
      { does: 'ask' },
    ],
  ])('%s', (_what, change, nowMs, expected) => {
    const step = chooseStep({ ...state, ...change }, nowMs);
    expect(step.does === 'wait' ? { ...step, untilMs: Math.round(step.untilMs) } : step).toEqual(expected);
  });
});
