import { describe, expect, test } from 'vitest';
import { at, ip } from '../testing/addresses.ts';
import { cidrContains, parseCidr, type Cidr } from './cidr.ts';

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

describe('parseCidr', () => {
  test.each([
    ['10.0.0.0/8', '10.0.0.0', 8],
    ['0.0.0.0/0', '0.0.0.0', 0],
    ['192.0.2.1', '192.0.2.1', 32],
    ['192.0.2.1/32', '192.0.2.1', 32],
    ['2001:db8::/33', '2001:db8::', 33],
    ['::1', '::1', 128],
    ['::/0', '::', 0],
    ['::ffff:10.0.0.0/104', '10.0.0.0', 8],
    ['::ffff:10.1.2.3', '10.1.2.3', 32],
  ])('reads %s', (text, address, prefixLength) => {
    expect(cidr(text)).toEqual({ ...ip(address), prefixLength });
  });

  test.each([
    ['', 'not an IP address'],
    ['10.0.0', 'not an IP address'],
    ['10.0.0.0.0/8', 'not an IP address'],
    ['10.0.0.256/32', 'not an IP address'],
    ['fe80::1%eth0', 'not an IP address'],
    ['example.org/8', 'not an IP address'],
    ['10.0.0.0/', 'not ADDRESS/PREFIX'],
    ['10.0.0.0/8/8', 'not ADDRESS/PREFIX'],
    ['10.0.0.0/-1', 'not ADDRESS/PREFIX'],
    ['10.0.0.0/8.0', 'not ADDRESS/PREFIX'],
    ['10.0.0.0/ 8', 'not ADDRESS/PREFIX'],
    ['10.0.0.0/33', 'at most 32 bits'],
    ['::/129', 'at most 128 bits'],
    ['10.0.0.5/8', '10.0.0.0/8 is the block'],
    ['2001:db8::1/33', '2001:db8::/33 is the block'],
  ])('refuses "%s" and says why', (text, reason) => {
    const parsed = parseCidr(text);
    expect(parsed).toMatchObject({ ok: false });
    expect(parsed.ok ? '' : parsed.reason).toContain(reason);
  });
});

describe('cidrContains', () => {
  test.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.0.0.0/9', '10.127.255.255', true],
    ['10.0.0.0/9', '10.128.0.0', false],
    ['192.0.2.7/32', '192.0.2.7', true],
    ['192.0.2.7/32', '192.0.2.6', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '::1', false],
    ['::/0', '1.2.3.4', false],
    ['2001:db8:8000::/33', '2001:db8:8000::', true],
    ['2001:db8:8000::/33', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', true],
    ['2001:db8:8000::/33', '2001:db8:7fff::', false],
    ['2001:db8::ff00/121', '2001:db8::ff01', true],
    ['2001:db8::ff00/121', '2001:db8::ff80', false],
  ])('%s and %s: %s', (block, address, expected) => {
    expect(cidrContains(cidr(block), ip(address))).toBe(expected);
    expect(cidrContains(cidr(block), at(address, 1))).toBe(expected);
  });
});
