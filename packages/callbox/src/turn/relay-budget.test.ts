import { describe, expect, test } from 'vitest';
import { createRelayBudget, encodeBudgetState, monthOf, parseBudgetState } from './relay-budget.ts';

const november = Date.UTC(2026, 10, 22);
const december = Date.UTC(2026, 11, 1);

test('months are those of UTC', () => {
  expect(monthOf(december - 1)).toBe('2026-11');
  expect(monthOf(december)).toBe('2026-12');
});

describe('a budget', () => {
  test('counts what was sent since the last time', () => {
    const budget = createRelayBudget(1_000, undefined, november);
    budget.count(300, november);
    budget.count(300, november);
    budget.count(450, november);
    expect(budget.state()).toEqual({ month: '2026-11', octets: 450 });
  });

  test('goes on where an earlier run of the same month stopped', () => {
    const budget = createRelayBudget(1_000, { month: '2026-11', octets: 900 }, november);
    expect(budget.isUsedUp()).toBe(false);
    budget.count(100, november);
    expect(budget.isUsedUp()).toBe(true);
  });

  test('forgets an earlier month', () => {
    const budget = createRelayBudget(1_000, { month: '2026-10', octets: 5_000 }, november);
    expect(budget.state()).toEqual({ month: '2026-11', octets: 0 });
  });

  test('says once that it is nearly used, and once that it is used up', () => {
    const budget = createRelayBudget(1_000, undefined, november);
    const said = [799, 800, 900, 999, 1_000, 2_000].map((sent) => budget.count(sent, november));
    expect(said).toEqual([undefined, 'nearly-used', undefined, undefined, 'used-up', undefined]);
  });

  test('says after a restart what still holds', () => {
    const budget = createRelayBudget(1_000, { month: '2026-11', octets: 1_200 }, november);
    expect(budget.isUsedUp()).toBe(true);
    expect(budget.count(0, november)).toBe('used-up');
  });

  test('is there again with the next month, which has used what was sent since the last count', () => {
    const budget = createRelayBudget(1_000, undefined, november);
    budget.count(1_500, november);
    expect(budget.count(1_600, december)).toBe('renewed');
    expect(budget.state()).toEqual({ month: '2026-12', octets: 100 });
    expect(budget.isUsedUp()).toBe(false);
    expect(budget.count(2_600, december)).toBe('used-up');
  });

  test('is not given twice when the clock is set back', () => {
    const budget = createRelayBudget(1_000, undefined, december);
    budget.count(1_000, december);
    budget.count(1_000, november);
    expect(budget.isUsedUp()).toBe(true);
    expect(budget.count(1_000, december)).toBeUndefined();
    expect(budget.isUsedUp()).toBe(true);
    expect(createRelayBudget(1_000, budget.state(), november).isUsedUp()).toBe(true);
  });

  test('without a limit only counts', () => {
    const budget = createRelayBudget(undefined, undefined, november);
    expect(budget.count(1e15, november)).toBeUndefined();
    expect(budget.isUsedUp()).toBe(false);
    expect(budget.state().octets).toBe(1e15);
  });
});

test('a state that was kept is read back', () => {
  const state = { month: '2026-11', octets: 123_456_789_012 };
  expect(parseBudgetState(encodeBudgetState(state))).toEqual(state);
});

test.each(['', '2026-11', '2026-11 x', '{"month":"2026-11"}', '2026-11 1\n2026-12 2\n'])(
  'the text %j is no state',
  (text) => {
    expect(parseBudgetState(text)).toBeUndefined();
  },
);
