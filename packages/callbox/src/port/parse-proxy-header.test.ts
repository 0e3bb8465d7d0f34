import { describe, expect, test } from 'vitest';
import { isProxyLine, parseProxyHeader } from './parse-proxy-header.ts';

const signature = '0d0a0d0a000d0a515549540a';
const tcp4 = Buffer.from(`${signature}2111000ccb007109c0000201d6d801bb`, 'hex');
const tcp6 = Buffer.from(
  `${signature}2121002420010db800000000000000000000000720010db8000000000000000000000001d6d801bb`,
  'hex',
);

describe('version 1', () => {
  test.each([
    ['PROXY TCP4 203.0.113.9 192.0.2.1 55000 443\r\n', { address: '203.0.113.9', port: 55_000 }],
    ['PROXY TCP6 2001:db8::7 2001:db8::1 55000 443\r\n', { address: '2001:db8::7', port: 55_000 }],
    ['PROXY UNKNOWN\r\n', undefined],
    ['PROXY UNKNOWN whatever it says\r\n', undefined],
  ])('%j is read, and what follows is left alone', (line, source) => {
    expect(parseProxyHeader(Buffer.from(`${line}GET /`))).toEqual({
      kind: 'complete',
      octets: line.length,
      source,
    });
  });

  test.each([
    'PROXY TCP4 203.0.113.9 192.0.2.1 55000\r\n',
    'PROXY TCP4 203.0.113.9 192.0.2.1 55000 443 1\r\n',
    'PROXY TCP4 2001:db8::7 2001:db8::1 55000 443\r\n',
    'PROXY TCP6 203.0.113.9 192.0.2.1 55000 443\r\n',
    'PROXY TCP4 203.0.113.9 192.0.2.1 65536 443\r\n',
    'PROXY TCP4 203.0.113.9 192.0.2.1 055 443\r\n',
    'PROXY TCP4  203.0.113.9 192.0.2.1 55000 443\r\n',
    'PROXY UDP4 203.0.113.9 192.0.2.1 55000 443\r\n',
    'PROXY \r\n',
    `PROXY TCP4 ${'1'.repeat(110)}`,
    'GET / HTTP/1.1\r\n',
    'PRAXY TCP4',
  ])('%j is refused', (line) => {
    expect(parseProxyHeader(Buffer.from(line)).kind).toBe('malformed');
  });
});

describe('version 2', () => {
  test.each([
    ['IPv4', tcp4, { address: '203.0.113.9', port: 55_000 }],
    ['IPv6', tcp6, { address: '2001:db8::7', port: 55_000 }],
    ['the proxy itself', Buffer.from(`${signature}20000000`, 'hex'), undefined],
    ['a socket without an IP address', Buffer.from(`${signature}21310002abcd`, 'hex'), undefined],
    [
      'IPv4 with an extension',
      Buffer.from(`${signature}2111000fcb007109c0000201d6d801bb040000`, 'hex'),
      { address: '203.0.113.9', port: 55_000 },
    ],
  ])('%s is read, and what follows is left alone', (_what, header, source) => {
    const octets = Buffer.concat([header, Buffer.from('rest')]);
    expect(parseProxyHeader(octets)).toEqual({ kind: 'complete', octets: header.length, source });
  });

  test.each([
    ['another version', `${signature}3111000ccb007109c0000201d6d801bb`],
    ['an unknown command', `${signature}2211000ccb007109c0000201d6d801bb`],
    ['addresses that are cut short', `${signature}21110008cb007109c0000201`],
    ['a length beyond reason', `${signature}2111ffff`],
  ])('%s is refused', (_what, hex) => {
    expect(parseProxyHeader(Buffer.from(hex, 'hex')).kind).toBe('malformed');
  });
});

test.each([Buffer.from('PROXY TCP4 203.0.113.9 192.0.2.1 55000 443\r\n'), tcp4, tcp6])(
  'a header may come in any pieces',
  (header) => {
    for (let length = 0; length < header.length; length += 1) {
      expect(parseProxyHeader(header.subarray(0, length))).toEqual({ kind: 'incomplete' });
    }
    expect(parseProxyHeader(header).kind).toBe('complete');
  },
);

test.each([
  ['PROXY TCP4 203.0.113.9', true],
  ['PROXY ', true],
  ['PROXY', false],
  ['POST / HTTP/1.1', false],
  ['', false],
])('whether %j begins a line of version 1 is %s', (text, expected) => {
  expect(isProxyLine(Buffer.from(text))).toBe(expected);
});

test('damaged headers are refused or read, and never more is taken than there is', () => {
  let seed = 20_261_122;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % below;
  };
  const kinds = new Set<string>();
  const tooMuch: string[] = [];
  const samples = [tcp4, tcp6, Buffer.from('PROXY TCP4 203.0.113.9 192.0.2.1 55000 443\r\n')];
  for (let round = 0; round < 20_000; round += 1) {
    const octets = Buffer.from(samples[random(samples.length)] ?? '');
    for (let damage = random(3); damage > 0; damage -= 1) octets[random(octets.length)] = random(256);
    const header = parseProxyHeader(octets.subarray(0, random(octets.length + 1)));
    kinds.add(header.kind);
    if (header.kind === 'complete' && header.octets > octets.length) tooMuch.push(octets.toString('hex'));
  }
  expect(tooMuch).toEqual([]);
  expect([...kinds].sort()).toEqual(['complete', 'incomplete', 'malformed']);
});
