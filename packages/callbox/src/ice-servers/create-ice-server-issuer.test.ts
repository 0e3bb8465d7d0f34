import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { iceGrantSchema, parseRoomName, participantIdSchema, parseWith } from '@callbox/contract';
import type { IceRequest } from '@callbox/signaling';
import { tagOfRoom } from '../turn/guest-name.ts';
import { createIceServerIssuer, type IceServerIssuerOptions } from './create-ice-server-issuer.ts';

const nowMs = 1_800_000_000_999;

function issue(request: Partial<IceRequest>, options: Partial<IceServerIssuerOptions> = {}) {
  const participantId = parseWith(participantIdSchema, 'guest-1');
  const room = parseRoomName('room');
  if (!participantId.ok || !room.ok) throw new Error('the fixture is wrong');
  const grant = createIceServerIssuer({
    findRelay: () => ({
      turnPort: 3478,
      turnHost: undefined,
      fallbackHost: '192.0.2.2',
      networkAddress: undefined,
      isTrustedFor: () => false,
    }),
    turnUrls: [],
    secret: 'north',
    isRelayOpen: () => true,
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

test('the credentials are the participant’s own, end in twelve hours and are signed with the shared secret', () => {
  const { iceServers, lifetimeSeconds } = issue({});
  const username = `${1_800_000_000 + 43_200}:${tagOfRoom('north', 'room')}.guest-1`;
  expect(lifetimeSeconds).toBe(43_200);
  expect(iceServers).toMatchObject([
    { username, credential: createHmac('sha1', 'north').update(username).digest('base64') },
  ]);
});

test('where the relay is elsewhere, its addresses are told as they are configured', () => {
  const turnUrls = ['turn:relay.example:3478?transport=udp', 'stun:relay.example', 'turns:relay.example'];
  const { iceServers } = issue({}, { findRelay: () => undefined, turnUrls });
  expect(iceServers.map(({ urls, username }) => [urls, username !== undefined])).toEqual([
    [['stun:relay.example'], false],
    [['turn:relay.example:3478?transport=udp', 'turns:relay.example'], true],
  ]);
});

test('without any relay there are no ICE servers', () => {
  expect(issue({}, { findRelay: () => undefined }).iceServers).toEqual([]);
});

test('a relay that takes nobody new is told as a STUN server, so that direct calls go on', () => {
  const { iceServers } = issue({ host: '[2001:db8::7]:8443', secure: true }, { isRelayOpen: () => false });
  expect(iceServers).toEqual([{ urls: ['stun:[2001:db8::7]:3478'] }]);
});

test('a relay elsewhere is told whatever happens to ours', () => {
  const { iceServers } = issue({}, { turnUrls: ['turn:relay.example'], isRelayOpen: () => false });
  expect(iceServers).toMatchObject([{ urls: ['turn:relay.example'] }]);
});

test('the credentials do not tell the name of the room', () => {
  expect(JSON.stringify(issue({}))).not.toContain('room');
});
