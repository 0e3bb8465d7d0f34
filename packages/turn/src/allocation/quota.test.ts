import { describe, expect, test } from 'vitest';
import { Quota } from './quota.ts';

describe('the quota', () => {
  test('holds per account and in all, and forgets what is released', () => {
    const quota = new Quota({ perAccount: 2, total: 3 });
    quota.charge('alice');
    quota.charge('alice');
    expect(quota.exhausted('alice')).toBe('account');
    expect(quota.exhausted('bob')).toBeUndefined();
    quota.charge('bob');
    expect(quota.exhausted('bob')).toBe('total');
    quota.release('alice');
    expect(quota.exhausted('alice')).toBeUndefined();
    expect(quota.exhausted('bob')).toBeUndefined();
  });
});
