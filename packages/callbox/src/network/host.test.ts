import { expect, test } from 'vitest';
import { parseHost, toUrlHost } from './host.ts';

test.each([
  ['calls.example', { name: 'calls.example', port: undefined, isAddress: false }],
  ['Calls.Example:8443', { name: 'calls.example', port: 8443, isAddress: false }],
  ['192.0.2.7:80', { name: '192.0.2.7', port: 80, isAddress: true }],
  ['[2001:DB8::7]', { name: '2001:db8::7', port: undefined, isAddress: true }],
  ['[::1]:8080', { name: '::1', port: 8080, isAddress: true }],
])('%s is taken apart', (header, host) => {
  expect(parseHost(header)).toEqual(host);
});

test.each([
  undefined,
  '',
  ':80',
  'a b',
  'a/b',
  'a:0',
  'a:65536',
  'a:http',
  '2001:db8::7',
  '[calls.example]',
  '[192.0.2.7]',
  'user@host',
  'a"; script-src *',
])('%j is no host', (header) => {
  expect(parseHost(header)).toBeUndefined();
});

test('an IPv6 address is put in brackets for a URL, and nothing else is', () => {
  expect([toUrlHost('::1'), toUrlHost('192.0.2.7'), toUrlHost('calls.example')]).toEqual([
    '[::1]',
    '192.0.2.7',
    'calls.example',
  ]);
});
