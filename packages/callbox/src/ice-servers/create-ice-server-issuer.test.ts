import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { iceGrantSchema, parseRoomName, participantIdSchema, parseWith } from '@callbox/contract';
import type { IceRequest } from '@callbox/signaling';
import { createIceServerIssuer, type IceServerIssuerOptions } from './create-ice-server-issuer.ts';

const nowMs = 1_800_000_000_999;

function issue(request: Partial<IceRequest>, options: Partial<IceServerIssuerOptions> = {}) {
  const participantId = parseWith(participantIdSchema, 'guest-1');
  const room = parseRoomName('room');
  if (!participantId.ok || !room.ok) throw new Error('the fixture is wrong');
  const grant = createIceServerIssuer({
    turnPort: 3478,
    turnUrls: [],
    secret: 'north',
    fallbackHost: '192.0.2.2',
    networkAddress: '192.0.2.3',
    isTrustedFor: (name) => name === 'calls.example',
    now: () => nowMs,
    ...options,
  })({
    participantId: participantId.value,
    room: room.value,
    remoteAddress: '192.0.2.9',
    isProxied: false,
    host: 'localhost:8080',
    secure: false,
    ...request,
  });
  expect(parseWith(iceGrantSchema, grant).ok).toBe(true);
  return grant;
}

function urlsOf(...parameters: Parameters<typeof issue>): readonly string[] {
  return issue(...parameters).iceServers.flatMap(({ urls }) => urls);
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

test('turns: is never offered by address, even for a certificate that names it', () => {
  const urls = urlsOf({ host: '192.0.2.7', secure: true }, { isTrustedFor: () => true });
  expect(urls.filter((url) => url.startsWith('turns:'))).toEqual([]);
});

test('the credentials are the participant’s own, end in twelve hours and are signed with the shared secret', () => {
  const { iceServers, lifetimeSeconds } = issue({});
  const username = `${1_800_000_000 + 43_200}:guest-1`;
  expect(lifetimeSeconds).toBe(43_200);
  expect(iceServers).toMatchObject([
    { username, credential: createHmac('sha1', 'north').update(username).digest('base64') },
  ]);
});

test('where the relay is elsewhere, its addresses are told as they are configured', () => {
  const turnUrls = ['turn:relay.example:3478?transport=udp', 'stun:relay.example', 'turns:relay.example'];
  const { iceServers } = issue({}, { turnPort: undefined, turnUrls });
  expect(iceServers.map(({ urls, username }) => [urls, username !== undefined])).toEqual([
    [['stun:relay.example'], false],
    [['turn:relay.example:3478?transport=udp', 'turns:relay.example'], true],
  ]);
});

test('without any relay there are no ICE servers', () => {
  expect(issue({}, { turnPort: undefined }).iceServers).toEqual([]);
});

test('a relay that listens on loopback only is named as the browser named it', () => {
  expect(urlsOf({ host: 'localhost:8080' }, { networkAddress: undefined })).toEqual([
    'turn:localhost:3478?transport=udp',
    'turn:localhost:8080?transport=tcp',
  ]);
});
