import { describe, expect, test } from 'vitest';
import type { Approach } from '@callbox/signaling';
import { listRelayUrls, type RelayPlace } from './list-relay-urls.ts';

function urlsOf(approach: Partial<Approach>, place: Partial<RelayPlace> = {}): readonly string[] {
  return listRelayUrls(
    {
      turnPort: 3478,
      turnTransports: ['udp', 'tcp', 'tls'],
      turnHost: undefined,
      fallbackHost: '192.0.2.2',
      networkAddress: '192.0.2.3',
      ownNames: [],
      ownPorts: [3478, 8080],
      isTrustedFor: (name) => ['calls.example', '192.0.2.8', '2001:db8::8'].includes(name),
      ...place,
    },
    { host: 'localhost:8080', secure: false, isProxied: false, ...approach },
  );
}

test.each([
  [
    'this machine',
    { host: 'localhost:8080', secure: false },
    ['turn:192.0.2.3:3478?transport=udp', 'turn:192.0.2.3:8080?transport=tcp'],
  ],
  [
    'an IPv4 address',
    { host: '192.0.2.7:8443', secure: true },
    ['turn:192.0.2.7:3478?transport=udp', 'turn:192.0.2.7:8443?transport=tcp'],
  ],
  [
    'an IPv6 address',
    { host: '[2001:db8::7]:8080', secure: true },
    ['turn:[2001:db8::7]:3478?transport=udp', 'turn:[2001:db8::7]:8080?transport=tcp'],
  ],
  [
    'a name that our certificate is not trusted for',
    { host: 'box.local', secure: true },
    ['turn:box.local:3478?transport=udp', 'turn:box.local:443?transport=tcp'],
  ],
  [
    'a name that our certificate is trusted for',
    { host: 'Calls.example', secure: true },
    [
      'turn:calls.example:3478?transport=udp',
      'turn:calls.example:443?transport=tcp',
      'turns:calls.example:443?transport=tcp',
    ],
  ],
  [
    'the same name without encryption',
    { host: 'calls.example', secure: false },
    ['turn:calls.example:3478?transport=udp', 'turn:calls.example:80?transport=tcp'],
  ],
  [
    'no host at all',
    { host: '', secure: true },
    ['turn:192.0.2.2:3478?transport=udp', 'turn:192.0.2.2:3478?transport=tcp'],
  ],
  [
    'a host that is none',
    { host: 'a?transport=x', secure: true },
    ['turn:192.0.2.2:3478?transport=udp', 'turn:192.0.2.2:3478?transport=tcp'],
  ],
])('a browser that came by %s is told to find the relay there', (_what, request, urls) => {
  expect(urlsOf(request)).toEqual(urls);
});

test('turns: is offered by address where the certificate is trusted for it', () => {
  expect(urlsOf({ host: '192.0.2.8', secure: true })).toEqual([
    'turn:192.0.2.8:3478?transport=udp',
    'turn:192.0.2.8:443?transport=tcp',
    'turns:192.0.2.8:443?transport=tcp',
  ]);
  expect(urlsOf({ host: '[2001:db8::8]:8443', secure: true }).at(-1)).toBe(
    'turns:[2001:db8::8]:8443?transport=tcp',
  );
});

test('a relay that listens on loopback only is named as the browser named it', () => {
  expect(urlsOf({ host: 'localhost:8080' }, { networkAddress: undefined })).toEqual([
    'turn:localhost:3478?transport=udp',
    'turn:localhost:8080?transport=tcp',
  ]);
});

describe('behind a proxy of HTTP', () => {
  test('the relay is on its own port, over TCP too, for the proxy passes nothing but HTTP', () => {
    expect(urlsOf({ host: 'box.local', secure: true, isProxied: true })).toEqual([
      'turn:box.local:3478?transport=udp',
      'turn:box.local:3478?transport=tcp',
    ]);
  });

  test('it is offered over TLS where our own certificate is trusted for the name', () => {
    expect(urlsOf({ host: 'calls.example:8443', secure: true, isProxied: true }).at(-1)).toBe(
      'turns:calls.example:3478?transport=tcp',
    );
  });

  test('on this very machine it is not named as localhost', () => {
    expect(urlsOf({ host: 'localhost', isProxied: true })[0]).toBe('turn:192.0.2.3:3478?transport=udp');
  });
});

describe('a host of the relay’s own', () => {
  test('is named in place of the one that the browser used', () => {
    const place = { turnHost: 'relay.example' };
    expect(urlsOf({ host: 'calls.example', secure: true, isProxied: true }, place)).toEqual([
      'turn:relay.example:3478?transport=udp',
      'turn:relay.example:3478?transport=tcp',
    ]);
    expect(urlsOf({ host: '' }, place)[0]).toBe('turn:relay.example:3478?transport=udp');
    expect(urlsOf({}, { turnHost: '2001:db8::8' })[0]).toBe('turn:[2001:db8::8]:3478?transport=udp');
  });

  test('leaves the port by which this very machine came where it is', () => {
    expect(urlsOf({}, { turnHost: 'relay.example' })).toEqual([
      'turn:relay.example:3478?transport=udp',
      'turn:192.0.2.3:8080?transport=tcp',
    ]);
  });

  test('leaves the port by which the browser came where it is', () => {
    expect(urlsOf({ host: 'calls.example:8443', secure: true }, { turnHost: 'relay.example' })).toEqual([
      'turn:relay.example:3478?transport=udp',
      'turn:calls.example:8443?transport=tcp',
      'turns:calls.example:8443?transport=tcp',
    ]);
  });
});

test('what the relay’s own ports do not take is not told; the port of the pages relays in any case', () => {
  const place = { turnTransports: ['tls' as const] };
  const direct = { host: 'calls.example', secure: true };
  expect(urlsOf(direct, place)).toEqual([
    'turn:calls.example:443?transport=tcp',
    'turns:calls.example:443?transport=tcp',
  ]);
  expect(urlsOf({ ...direct, isProxied: true }, place)).toEqual(['turns:calls.example:3478?transport=tcp']);
});
