import { describe, expect, test } from 'vitest';
import { ip } from '../testing/addresses.ts';
import { parseCidr, type Cidr } from './cidr.ts';
import { createPeerPolicy, type PeerPolicy } from './peer-policy.ts';

const ALICE = { username: '1700000000:alice', account: 'alice' };

function cidrs(texts: readonly string[]): readonly Cidr[] {
  return texts.map((text) => {
    const parsed = parseCidr(text);
    if (!parsed.ok) throw new Error(parsed.reason);
    return parsed.value;
  });
}

function policy(allowed: readonly string[] = [], denied: readonly string[] = []): PeerPolicy {
  return createPeerPolicy({ allowed: cidrs(allowed), denied: cidrs(denied) });
}

const reaches = (given: PeerPolicy, peer: string): boolean => given.mayReach(ip(peer), ALICE);

describe('without lists', () => {
  const byDefault = policy();

  test.each(['8.8.8.8', '1.1.1.1', '100.63.255.255', '100.128.0.0', '172.15.255.255', '172.32.0.0'])(
    'reaches %s',
    (peer) => {
      expect(reaches(byDefault, peer)).toBe(true);
    },
  );

  test.each(['2a00:1450:4001::1', '2606:4700::1111', '2001:4860:4860::8888', '2400::1'])(
    'reaches %s',
    (peer) => {
      expect(reaches(byDefault, peer)).toBe(true);
    },
  );

  test.each([
    ['loopback', ['127.0.0.1', '127.255.255.254', '::1']],
    ['this network and no address', ['0.0.0.0', '0.1.2.3', '::']],
    ['link-local', ['169.254.0.1', 'fe80::1', 'febf::1']],
    ['metadata', ['169.254.169.254', 'fd00:ec2::254', '168.63.129.16', '100.100.100.200']],
    ['private', ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1']],
    ['carrier-grade NAT', ['100.64.0.1', '100.127.255.255']],
    ['protocol assignments', ['192.0.0.1', '192.88.99.1', '2001:1::1']],
    ['benchmarks', ['198.18.0.1', '198.19.255.255']],
    ['documentation', ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1']],
    ['unique and site-local', ['fc00::1', 'fdff::1', 'fec0::1']],
    ['discard and segment routing', ['100::1', '5f00::1']],
    ['multicast', ['224.0.0.1', '239.1.1.1', 'ff02::1', 'ff0e::1']],
    ['broadcast and reserved', ['255.255.255.255', '240.0.0.1']],
    ['what is not assigned', ['4000::1', 'e000::1', '1::1']],
    ['IPv4-mapped', ['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:8.8.8.8']],
    ['IPv4-compatible', ['::127.0.0.1', '::8.8.8.8']],
    ['NAT64', ['64:ff9b::7f00:1', '64:ff9b::808:808', '64:ff9b:1::1']],
    ['6to4', ['2002:7f00:1::1', '2002:808:808::1']],
    ['Teredo', ['2001::1', '2001:0:ffff::1']],
  ])('does not reach %s: %s', (_name, peers) => {
    expect(peers.filter((peer) => reaches(byDefault, peer))).toEqual([]);
  });
});

describe('with lists', () => {
  test('opens exactly the private network it is told to, and never metadata', () => {
    const lan = policy(['10.0.0.0/24']);
    expect(reaches(lan, '10.0.0.5')).toBe(true);
    expect(reaches(lan, '10.0.1.5')).toBe(false);
    expect(reaches(lan, '169.254.169.254')).toBe(false);
  });

  test('does not open metadata with the network around it, but by its very address', () => {
    expect(reaches(policy(['169.254.0.0/16']), '169.254.7.7')).toBe(true);
    expect(reaches(policy(['169.254.0.0/16']), '169.254.169.254')).toBe(false);
    expect(reaches(policy(['169.254.169.254']), '169.254.169.254')).toBe(true);
    expect(reaches(policy(['fd00::/8']), 'fd00:ec2::254')).toBe(false);
  });

  test('lets the longest prefix win, whichever list it is in', () => {
    const nested = policy(['10.1.0.0/16', '10.1.2.3'], ['10.1.2.0/24']);
    expect(reaches(nested, '10.1.1.1')).toBe(true);
    expect(reaches(nested, '10.1.2.1')).toBe(false);
    expect(reaches(nested, '10.1.2.3')).toBe(true);
    expect(reaches(nested, '10.2.0.1')).toBe(false);
  });

  test('denies where both lists hold one block', () => {
    expect(reaches(policy(['10.0.0.0/8'], ['10.0.0.0/8']), '10.0.0.1')).toBe(false);
  });

  test('prefers the word of the embedder to a default of the same length', () => {
    expect(reaches(policy(['10.0.0.0/8']), '10.9.9.9')).toBe(true);
    expect(reaches(policy([], ['0.0.0.0/0']), '8.8.8.8')).toBe(false);
  });

  test('keeps the special blocks shut when everything is allowed', () => {
    const everything = policy(['0.0.0.0/0', '::/0']);
    expect(
      ['10.0.0.1', '127.0.0.1', 'fe80::1', 'fc00::1', '::1'].filter((peer) => reaches(everything, peer)),
    ).toEqual([]);
    expect(reaches(everything, '4000::1')).toBe(true);
  });

  test('compares whole addresses: a block that ends within an octet ends there', () => {
    const odd = policy([], ['2a00:0:0:0:0:0:0:ff00/121']);
    expect(reaches(odd, '2a00::ff01')).toBe(false);
    expect(reaches(odd, '2a00::ff80')).toBe(true);
    const range = policy([], ['2a00:8000::/17']);
    expect(reaches(range, '2a00:8000::1')).toBe(false);
    expect(reaches(range, '2a00:7fff:ffff::')).toBe(true);
  });

  test('asks twice where an IPv6 address carries an IPv4 one', () => {
    const nat64 = policy(['64:ff9b::/96'], ['8.8.8.0/24']);
    expect(reaches(nat64, '64:ff9b::909:909')).toBe(true);
    expect(reaches(nat64, '64:ff9b::808:808')).toBe(false);
    expect(reaches(nat64, '64:ff9b::7f00:1')).toBe(false);
    expect(reaches(policy(['2001::/32']), '2001::f5ff:fffe')).toBe(false);
    expect(reaches(policy(['2001::/32']), '2001::f7f7:f7f7')).toBe(true);
  });
});
