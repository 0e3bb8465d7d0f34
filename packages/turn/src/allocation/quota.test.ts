import { describe, expect, test } from 'vitest';
import { ip } from '../testing/addresses.ts';
import { Quota } from './quota.ts';

const HERE = ip('198.51.100.1');
const THERE = ip('198.51.100.2');

describe('the quota', () => {
  test('holds per account and in all, and forgets what is released', () => {
    const quota = new Quota({ perAccount: 2, perSource: 10, total: 3 });
    quota.charge('alice', HERE);
    quota.charge('alice', THERE);
    expect(quota.exhausted('alice', HERE)).toBe('account');
    expect(quota.exhausted('bob', HERE)).toBeUndefined();
    quota.charge('bob', HERE);
    expect(quota.exhausted('bob', HERE)).toBe('total');
    quota.release('alice', HERE);
    expect(quota.exhausted('alice', HERE)).toBeUndefined();
    expect(quota.exhausted('bob', HERE)).toBeUndefined();
  });

  test('holds per source, whatever the accounts, and an IPv6 /64 is one source', () => {
    const quota = new Quota({ perAccount: 10, perSource: 2, total: 10 });
    for (const account of ['alice', 'bob']) quota.charge(account, HERE);
    expect(quota.exhausted('carol', HERE)).toBe('source');
    expect(quota.exhausted('carol', THERE)).toBeUndefined();
    quota.release('bob', HERE);
    expect(quota.exhausted('carol', HERE)).toBeUndefined();
    quota.charge('alice', ip('2001:db8:0:1::1'));
    quota.charge('bob', ip('2001:db8:0:1:ffff::2'));
    expect(quota.exhausted('carol', ip('2001:db8:0:1::3'))).toBe('source');
    expect(quota.exhausted('carol', ip('2001:db8:0:2::1'))).toBeUndefined();
  });
});
