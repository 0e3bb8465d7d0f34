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
      turnTransports: ['udp', 'tcp', 'tls'],
      turnHost: undefined,
      fallbackHost: '192.0.2.2',
      networkAddress: undefined,
      ownNames: ['192.0.2.2'],
      ownPorts: [3478, 8080],
      isTrustedFor: () => false,
    }),
    turnUrls: [],
    iceServers: [],
    turnOrigins: [],
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

const foreign = (url: string, lifetimeSeconds = 600) => ({
  url,
  credentials: { kind: 'secret' as const, secret: 'south', lifetimeSeconds },
});

test('relays of others are told beside ours, and all is renewed before the first of them ends', () => {
  const { iceServers, lifetimeSeconds } = issue({}, { iceServers: [foreign('turn:relay.example')] });
  expect(iceServers.map(({ urls }) => urls[0])).toEqual([
    'turn:localhost:3478?transport=udp',
    'turn:relay.example',
  ]);
  expect(iceServers[1]?.username).toMatch(/^1800000600:.{16}\.guest-1$/);
  expect(lifetimeSeconds).toBe(600);
});

test('relays of others are told alone where none runs here, by their own secret', () => {
  const { iceServers } = issue(
    {},
    { findRelay: () => undefined, iceServers: [foreign('turn:relay.example')] },
  );
  const [{ username = '', credential } = {}] = iceServers;
  expect(credential).toBe(createHmac('sha1', 'south').update(username).digest('base64'));
  expect(iceServers).toHaveLength(1);
});

test('one of them that is ours, by whatever name, is told as ours alone', () => {
  const own = ['turn:localhost:3478', 'turn:192.0.2.2', 'turn:Calls.example:3478?transport=tcp'];
  const { iceServers } = issue(
    { host: 'calls.example:8080' },
    { iceServers: own.map((url) => foreign(url)) },
  );
  expect(iceServers).toHaveLength(1);
  const other = foreign('turn:calls.example:3479');
  expect(issue({ host: 'calls.example:8080' }, { iceServers: [other] }).iceServers).toHaveLength(2);
});

test('pages of other origins than those named get no credentials, and ours do', () => {
  const options = { turnOrigins: ['https://a.example'], iceServers: [foreign('turn:relay.example')] };
  const countOf = (origin: string | undefined): number =>
    issue({ ...(origin === undefined ? {} : { origin }), host: 'calls.example' }, options).iceServers.filter(
      ({ username }) => username !== undefined,
    ).length;
  expect(['https://a.example', 'https://calls.example', undefined].map(countOf)).toEqual([2, 2, 2]);
  expect(['https://b.example', 'https://calls.example:8443', 'null'].map(countOf)).toEqual([0, 0, 0]);
  const { iceServers } = issue({ origin: 'https://b.example', host: 'calls.example' }, options);
  expect(iceServers).toEqual([{ urls: ['stun:calls.example:3478'] }]);
});
