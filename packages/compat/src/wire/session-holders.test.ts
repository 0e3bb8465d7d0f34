import { describe, expect, it } from 'vitest';
import { createSessionHolders } from './session-holders.ts';

const from = (remoteAddress: string, userAgent = 'a browser') => ({ remoteAddress, userAgent });

describe('who may use a connection', () => {
  it('is who opened it, from the same network', () => {
    const holders = createSessionHolders();
    holders.hold('s', from('192.0.2.1'));
    holders.hold('t', from('2001:db8:1:2:3::1'));
    expect(holders.isHolder('s', from('192.0.2.1', 'an update of it'))).toBe(true);
    expect(holders.isHolder('s', from('192.0.2.2'))).toBe(false);
    expect(holders.isHolder('t', from('2001:db8:1:2:ffff::9'))).toBe(true);
    expect(holders.isHolder('t', from('2001:db8:1:3::1'))).toBe(false);
    holders.forget('s');
    expect(holders.isHolder('s', from('192.0.2.1'))).toBe(false);
  });

  it('may come by the other family of addresses, with the same browser', () => {
    const holders = createSessionHolders();
    holders.hold('s', from('127.0.0.1'));
    expect(holders.isHolder('s', from('::1'))).toBe(true);
    expect(holders.isHolder('s', from('::1', 'another'))).toBe(false);
  });
});
