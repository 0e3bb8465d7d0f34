import { describe, expect, test } from 'vitest';
import { at, ip } from '../testing/addresses.ts';
import { createOwnAddresses } from './own-addresses.ts';

const servicePorts = new Set([3478]);
const own = createOwnAddresses({
  relay: [ip('10.0.0.1'), ip('203.0.113.1'), ip('2001:db8::1')],
  machine: [ip('10.0.0.1'), ip('192.168.1.1'), ip('::1')],
  servicePorts,
});

describe('own addresses', () => {
  test.each([
    ['203.0.113.1', 'relay'],
    ['10.0.0.1', 'relay'],
    ['2001:db8:0:0::1', 'relay'],
    ['192.168.1.1', 'machine'],
    ['127.0.0.1', 'machine'],
    ['127.200.0.9', 'machine'],
    ['::1', 'machine'],
    ['8.8.8.8', 'foreign'],
  ] as const)('%s belongs to: %s', (address, owner) => {
    expect(own.ownerOf(ip(address))).toBe(owner);
  });

  test('have service ports, which nobody else has', () => {
    expect(own.isService(at('192.168.1.1', 3478))).toBe(true);
    expect(own.isService(at('203.0.113.1', 3478))).toBe(true);
    expect(own.isService(at('192.168.1.1', 3479))).toBe(false);
    expect(own.isService(at('8.8.8.8', 3478))).toBe(false);
  });

  test('learn of ports that are bound later', () => {
    expect(own.isService(at('127.0.0.1', 5000))).toBe(false);
    servicePorts.add(5000);
    expect(own.isService(at('127.0.0.1', 5000))).toBe(true);
  });

  test('learn of addresses that the machine gets later', () => {
    expect(own.ownerOf(ip('192.0.2.7'))).toBe('foreign');
    own.noteMachineAddresses([ip('192.0.2.7')]);
    expect(own.ownerOf(ip('192.0.2.7'))).toBe('machine');
    expect(own.ownerOf(ip('192.168.1.1'))).toBe('machine');
    expect(own.ownerOf(ip('10.0.0.1'))).toBe('relay');
  });
});
