import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createAddressSet } from '../network/address-set.ts';
import { createApproachReader } from './create-approach-reader.ts';

const proxies = createAddressSet(['10.0.0.0/24', '2001:db8:1::1']);
const [read, readStandard] = (['x-forwarded', 'forwarded'] as const).map((proxyHeader) =>
  createApproachReader({ proxies, proxyHeader, httpOnly: false }),
);

/** A request from this address, as far as it is looked at. */
function from(remoteAddress: string, headers: IncomingHttpHeaders, encrypted = false): IncomingMessage {
  return {
    socket: { remoteAddress, ...(encrypted ? { encrypted } : {}) },
    headers: { host: 'calls.example', ...headers },
  } as IncomingMessage;
}

const lies = {
  'x-forwarded-for': '192.0.2.66',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'evil.example',
  forwarded: 'for=192.0.2.66;proto=https;host=evil.example',
};

describe('a guest who comes without a proxy', () => {
  test.each([
    [false, '203.0.113.9', '203.0.113.9'],
    [true, '::ffff:203.0.113.9', '203.0.113.9'],
    [true, '2001:DB8:2::1', '2001:db8:2::1'],
  ])('is who the connection says (encrypted: %s, %s)', (encrypted, address, remoteAddress) => {
    const expected = { remoteAddress, host: 'calls.example', secure: encrypted, isProxied: false };
    for (const reader of [read, readStandard]) {
      expect(reader?.(from(address, {}, encrypted))).toEqual(expected);
      expect(reader?.(from(address, lies, encrypted))).toEqual(expected);
    }
  });
});

test('where the page was loaded from is known as its browser says', () => {
  const origin = 'https://pages.example';
  expect(read?.(from('203.0.113.9', { origin })).origin).toBe(origin);
  expect(read?.(from('10.0.0.1', { origin, 'x-forwarded-for': '203.0.113.9' })).origin).toBe(origin);
  expect(read?.(from('203.0.113.9', {}))).not.toHaveProperty('origin');
});

describe('without HTTPS of our own', () => {
  const readHttpOnly = createApproachReader({ proxies, proxyHeader: 'x-forwarded', httpOnly: true });

  test.each([
    ['203.0.113.9', {}, { secure: true, isProxied: true, remoteAddress: '203.0.113.9' }],
    ['10.0.0.1', { 'x-forwarded-for': '203.0.113.9' }, { secure: true, isProxied: true }],
    ['10.0.0.1', { 'x-forwarded-proto': 'http' }, { secure: false, isProxied: true }],
    ['127.0.0.1', { host: 'localhost:8080' }, { secure: false, isProxied: false }],
  ])('a guest from %s with %j comes through a proxy that has it', (address, headers, expected) => {
    expect(readHttpOnly(from(address, headers))).toMatchObject(expected);
  });
});

describe('X-Forwarded headers of our own proxy', () => {
  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['203.0.113.9:4711', '203.0.113.9'],
    ['2001:db8:2::1', '2001:db8:2::1'],
    ['[2001:DB8:2::1]:4711', '2001:db8:2::1'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['203.0.113.9, 10.0.0.7', '203.0.113.9'],
    ['192.0.2.66, 203.0.113.9', '203.0.113.9'],
    ['192.0.2.66, 203.0.113.9, 10.0.0.7, 2001:db8:1::1', '203.0.113.9'],
    ['10.0.0.8, 10.0.0.7', '10.0.0.8'],
    ['unknown', ''],
    ['192.0.2.66, someone, 10.0.0.7', ''],
    ['', ''],
  ])('%j name %s', (text, remoteAddress) => {
    expect(read?.(from('10.0.0.1', { 'x-forwarded-for': text }))).toMatchObject({
      remoteAddress,
      isProxied: true,
    });
  });

  test.each([
    [{ 'x-forwarded-proto': 'https' }, 'calls.example', true],
    [{ 'x-forwarded-proto': 'HTTPS, http' }, 'calls.example', true],
    [{ 'x-forwarded-proto': 'http', 'x-forwarded-host': 'Other.example:8443' }, 'other.example:8443', false],
    [{ 'x-forwarded-host': 'a b; script-src *' }, 'calls.example', false],
    [{ 'x-forwarded-host': '[2001:db8::7]:8443, inner' }, '[2001:db8::7]:8443', false],
  ])('%j name the host and tell of encryption', (headers, host, secure) => {
    expect(read?.(from('10.0.0.1', headers))).toMatchObject({ host, secure, isProxied: true });
  });

  test('without any, the proxy speaks for itself', () => {
    expect(read?.(from('10.0.0.1', { forwarded: lies.forwarded }))).toEqual({
      remoteAddress: '10.0.0.1',
      host: 'calls.example',
      secure: false,
      isProxied: false,
    });
  });
});

describe('Forwarded of our own proxy', () => {
  test.each([
    ['for=203.0.113.9', { remoteAddress: '203.0.113.9' }],
    ['For="[2001:db8:2::1]:4711"', { remoteAddress: '2001:db8:2::1' }],
    [
      'for=203.0.113.9;proto=https;host=other.example',
      { remoteAddress: '203.0.113.9', secure: true, host: 'other.example' },
    ],
    [
      'for=192.0.2.66, for=203.0.113.9 ; proto=http,for="10.0.0.7:80"',
      { remoteAddress: '203.0.113.9', secure: false },
    ],
    ['for=192.0.2.66, for=_hidden', { remoteAddress: '' }],
    ['for=203.0.113.9;', { remoteAddress: '203.0.113.9' }],
    ['for="203.0.113.9\\";host=\\"x"', { remoteAddress: '', host: 'calls.example' }],
    ['proto=https;by=10.0.0.1', { remoteAddress: '', secure: true }],
  ])('%j is understood', (forwarded, expected) => {
    const headers = { ...lies, forwarded };
    expect(readStandard?.(from('10.0.0.1', headers))).toMatchObject({ ...expected, isProxied: true });
  });

  test.each(['for="203.0.113.9', 'nonsense', 'for=a b'])(
    '%j tells nothing, and makes nobody pass for the proxy',
    (forwarded) => {
      expect(readStandard?.(from('10.0.0.1', { forwarded }))).toMatchObject({ remoteAddress: '' });
    },
  );
});
