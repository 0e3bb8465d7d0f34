import { describe, expect, test } from 'vitest';
import { Quota } from './quota.ts';

describe('the quota', () => {
  test('holds per account and in all, and forgets what is released', () => {
    const quota = new Quota({ perAccount: 2, total: 3 });
    quota.charge('alice');
    quota.charge('alice');
    expect(quota.hasRoom('alice')).toBe(false);
    expect(quota.hasRoom('bob')).toBe(true);
    quota.charge('bob');
    expect(quota.hasRoom('bob')).toBe(false);
    quota.release('alice');
    expect(quota.hasRoom('alice')).toBe(true);
    expect(quota.hasRoom('bob')).toBe(true);
  });
});
