import { describe, expect, test } from 'vitest';
import { ip } from '../testing/addresses.ts';
import { ConnectionGate } from './connection-gate.ts';

describe('the gate for connections', () => {
  test('lets so many in from one address, and others after that', () => {
    const gate = new ConnectionGate({ total: 100, perSource: 2 });
    expect([1, 2, 3].map(() => gate.enter(ip('192.0.2.1')))).toEqual([true, true, false]);
    expect(gate.enter(ip('192.0.2.2'))).toBe(true);
  });

  test('counts a /64 of IPv6 as one source, and the next /64 as another', () => {
    const gate = new ConnectionGate({ total: 100, perSource: 2 });
    expect(gate.enter(ip('2001:db8:0:1::1'))).toBe(true);
    expect(gate.enter(ip('2001:db8:0:1:ffff::2'))).toBe(true);
    expect(gate.enter(ip('2001:db8:0:1::3'))).toBe(false);
    expect(gate.enter(ip('2001:db8:0:2::1'))).toBe(true);
  });

  test('lets so many in altogether', () => {
    const gate = new ConnectionGate({ total: 3, perSource: 2 });
    const sources = ['192.0.2.1', '192.0.2.2', '2001:db8::1', '192.0.2.4'].map(ip);
    expect(sources.map((source) => gate.enter(source))).toEqual([true, true, true, false]);
    gate.leave(ip('192.0.2.2'));
    expect(gate.enter(ip('192.0.2.4'))).toBe(true);
  });

  test('has room again when somebody leaves, and does not count below nothing', () => {
    const gate = new ConnectionGate({ total: 10, perSource: 1 });
    expect(gate.enter(ip('192.0.2.1'))).toBe(true);
    expect(gate.enter(ip('192.0.2.1'))).toBe(false);
    gate.leave(ip('192.0.2.1'));
    gate.leave(ip('192.0.2.1'));
    gate.leave(ip('192.0.2.9'));
    expect(gate.enter(ip('192.0.2.1'))).toBe(true);
    expect(gate.enter(ip('192.0.2.1'))).toBe(false);
  });
});
