import { expect, test, vi } from 'vitest';
import { createConnectionLedger } from './connection-ledger.ts';

const noEviction = (): void => {
  throw new Error('nobody had to make room');
};

test('one address has its share of connections, and a place again when one of them ends', () => {
  const ledger = createConnectionLedger({ perAddress: 2, silentPerAddress: 9, silentTotal: 9 });
  const first = ledger.admit('192.0.2.1', noEviction);
  expect(ledger.admit('192.0.2.1', noEviction)).toBeDefined();
  expect(ledger.admit('::ffff:192.0.2.1', noEviction)).toBeUndefined();
  expect(ledger.admit('192.0.2.2', noEviction)).toBeDefined();
  first?.close();
  first?.close();
  expect(ledger.admit('192.0.2.1', noEviction)).toBeDefined();
  expect(ledger.admit('192.0.2.1', noEviction)).toBeUndefined();
});

test('an IPv6 /64 counts as one address', () => {
  const ledger = createConnectionLedger({ perAddress: 1, silentPerAddress: 9, silentTotal: 9 });
  expect(ledger.admit('2001:db8::1', noEviction)).toBeDefined();
  expect(ledger.admit('2001:db8::2', noEviction)).toBeUndefined();
  expect(ledger.admit('2001:db8:0:1::1', noEviction)).toBeDefined();
});

test('silent connections of one address are limited more closely; one that speaks is not counted any more', () => {
  const ledger = createConnectionLedger({ perAddress: 9, silentPerAddress: 1, silentTotal: 9 });
  const first = ledger.admit('192.0.2.1', noEviction);
  expect(ledger.admit('192.0.2.1', noEviction)).toBeUndefined();
  first?.spoke();
  first?.spoke();
  expect(ledger.admit('192.0.2.1', noEviction)).toBeDefined();
  expect(ledger.admit('192.0.2.1', noEviction)).toBeUndefined();
});

test('among all that are silent, the longest makes room for the newest', () => {
  const ledger = createConnectionLedger({ perAddress: 9, silentPerAddress: 9, silentTotal: 2 });
  const evictions = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((address) => {
    const evict = vi.fn();
    ledger.admit(address, evict)?.close();
    return { address, evict, entry: ledger.admit(address, evict) };
  });
  expect(evictions.map(({ evict }) => evict.mock.calls.length)).toEqual([1, 0, 0]);
  evictions[1]?.entry?.spoke();
  ledger.admit('192.0.2.4', noEviction);
  expect(evictions.map(({ evict }) => evict.mock.calls.length)).toEqual([1, 0, 0]);
});
