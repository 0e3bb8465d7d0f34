import { expect, test } from 'vitest';
import { createOriginCheck } from './create-origin-check.ts';

const isAllowed = createOriginCheck(['https://pages.example', 'http://[2001:db8::7]:8080']);

test.each([
  ['a program that is no browser', undefined, 'calls.example'],
  ['our own page', 'https://calls.example', 'calls.example'],
  ['our own page on another port than the usual', 'https://calls.example:8080', 'calls.example:8080'],
  ['our own page over plain HTTP', 'http://localhost:8080', 'localhost:8080'],
  ['our own page by IPv6 address', 'https://[::1]:8080', '[::1]:8080'],
  ['our own page by a name in capitals', 'https://calls.example', 'Calls.Example'],
  ['a page of another port of our host', 'http://192.0.2.1:8000', '192.0.2.1:8888'],
  ["a page of the person's own machine", 'http://localhost:8080', 'calls.example:8888'],
  ["a page of the person's own machine by address", 'http://127.0.0.1:3000', 'calls.example'],
  ['a page that the operator names', 'https://pages.example', 'calls.example:8888'],
  ['a page that the operator names by address', 'http://[2001:db8::7]:8080', 'calls.example:8888'],
])('%s may use the signaling', (_who, origin, host) => {
  expect(isAllowed(origin, host)).toBe(true);
});

test.each([
  ['a page of another host', 'https://evil.example', 'calls.example'],
  ['a page of a host whose name ends in ours', 'https://evil-calls.example', 'calls.example'],
  ['a page of a host whose name begins with ours', 'https://calls.example.evil.example', 'calls.example'],
  [
    'a page of a host whose name only looks like this machine',
    'http://127.0.0.1.evil.example',
    'calls.example',
  ],
  ['a page over plain HTTP of a host named for HTTPS', 'http://pages.example', 'calls.example'],
  ['a page of our host where we are asked by none', 'https://calls.example', ''],
  ['a page without an origin of its own', 'null', 'calls.example'],
  ['something that is no origin', 'calls.example', 'calls.example'],
  ['an empty origin', '', ''],
])('%s may not', (_who, origin, host) => {
  expect(isAllowed(origin, host)).toBe(false);
});

test('all pages may where the operator says so', () => {
  expect(createOriginCheck(['*'])('https://evil.example', 'calls.example')).toBe(true);
});
