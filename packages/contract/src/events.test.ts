import { describe, expect, it } from 'vitest';
import {
  answerSchema,
  handshakeSchema,
  isRequestName,
  notices,
  requests,
  type NoticeName,
  type RequestName,
} from './events.ts';
import { parseWith } from './parse.ts';

const media = { audio: true, video: false, screen: false };
const mids = { audio: '0', camera: '1', screen: '2', screenAudio: '3' };
const token = 'x'.repeat(43);
const participant = { id: 'kQ3_-a', displayName: 'Ana', media, joinedAtMs: 1_700_000_000_000 };
const chatMessage = { authorId: 'kQ3_-a', sequence: 1, authorName: 'Ana', text: 'hi', sentAtMs: 5 };
const ice = { iceServers: [{ urls: ['stun:calls.example:3478'] }], lifetimeSeconds: 600 };
const description = { kind: 'description', generation: 0, type: 'offer', sdp: 'v=0\r\n', mids };
const candidate = {
  kind: 'candidate',
  generation: 0,
  candidate: 'candidate:1 1 udp 1 192.0.2.1 1 typ host',
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: 'abcd',
};
const rebuild = { kind: 'rebuild', generation: 1 };

function reasonOf(name: RequestName, input: unknown): string | null {
  const parsed = parseWith(requests[name].request, input);
  return parsed.ok ? null : parsed.reason;
}

describe('requests', () => {
  it.each<[RequestName, string, unknown]>([
    ['room-peek', 'a name', { room: 'Team Blue' }],
    ['room-peek', 'any text: what is a name is decided by parseRoomName', { room: '../%' }],
    ['room-join', 'all of it', { room: 'blue', displayName: 'Ana', media }],
    ['room-join', 'no name', { room: 'blue', displayName: '', media }],
    ['room-leave', 'nothing', {}],
    ['participant-update', 'a name', { displayName: 'Ana' }],
    ['participant-update', 'a state', { media }],
    ['participant-update', 'both', { displayName: 'Ana', media }],
    ['participant-update', 'neither', {}],
    ['peer-message-send', 'an offer', { to: 'abc', message: description }],
    ['peer-message-send', 'an answer', { to: 'abc', message: { ...description, type: 'answer' } }],
    ['peer-message-send', 'a candidate', { to: 'abc', message: candidate }],
    [
      'peer-message-send',
      'the end of candidates',
      {
        to: 'abc',
        message: { ...candidate, candidate: '', sdpMid: null, sdpMLineIndex: null, usernameFragment: null },
      },
    ],
    ['peer-message-send', 'a wish to rebuild', { to: 'abc', message: rebuild }],
    [
      'peer-message-send',
      'the longest SDP',
      { to: 'a', message: { ...description, sdp: 'x'.repeat(128_000) } },
    ],
    ['chat-send', 'a line', { sequence: 1, text: 'hi' }],
    ['chat-send', 'the longest line', { sequence: Number.MAX_SAFE_INTEGER, text: 'x'.repeat(4_000) }],
    ['chat-send', 'an emoji alone', { sequence: 1, text: '👍🏽' }],
    ['ice-renew', 'nothing', {}],
    [
      'room-join',
      'a seat',
      { room: 'b', displayName: '', media, seat: { token, connection: 1 }, replaces: token },
    ],
    ['room-resume', 'a seat and how far', { room: 'b', seat: { token, connection: 2 }, receivedUpTo: 0 }],
    ['probe', 'nothing', {}],
    ['probe', 'how far', { receivedUpTo: 7 }],
  ])('%s takes %s', (name, _what, input) => {
    expect(reasonOf(name, input)).toBeNull();
  });

  const join = { room: 'blue', displayName: 'Ana', media };
  const resume = { room: 'blue', seat: { token, connection: 2 }, receivedUpTo: 0 };
  const chat = { sequence: 1, text: 'hi' };
  const peer = (message: unknown) => ({ to: 'abc', message });
  it.each<[RequestName, string, unknown, RegExp]>([
    ['room-peek', 'no room', {}, /^room: /],
    ['room-peek', 'a number for a room', { room: 1 }, /^room: /],
    ['room-peek', 'a list', [], /^room: /],
    ['room-join', 'nothing', undefined, /Expected Object/],
    ['room-join', 'text', 'blue', /Expected Object/],
    ['room-join', 'no room', { displayName: 'Ana', media }, /^room: /],
    ['room-join', 'a short token', { ...join, seat: { token: 'x', connection: 1 } }, /^seat.token: /],
    ['room-join', 'an uncounted seat', { ...join, seat: { token } }, /^seat.connection: /],
    ['room-join', 'no token for a former seat', { ...join, replaces: '' }, /^replaces: /],
    [
      'room-resume',
      'the connection zero',
      { ...resume, seat: { token, connection: 0 } },
      /^seat.connection: /,
    ],
    ['room-resume', 'less than nothing', { ...resume, receivedUpTo: -1 }, /^receivedUpTo: /],
    ['room-resume', 'nothing received', { ...resume, receivedUpTo: undefined }, /^receivedUpTo: /],
    ['probe', 'half a notice', { receivedUpTo: 0.5 }, /^receivedUpTo: /],
    ['room-join', 'a list for a room', { ...join, room: ['blue'] }, /^room: /],
    ['room-join', 'no name', { room: 'blue', media }, /^displayName: /],
    ['room-join', 'null for a name', { ...join, displayName: null }, /^displayName: /],
    ['room-join', 'a long name', { ...join, displayName: 'x'.repeat(61) }, /^displayName: .*61/],
    ['room-join', 'no media', { room: 'blue', displayName: 'Ana' }, /^media: /],
    [
      'room-join',
      'a state that is no boolean',
      { ...join, media: { ...media, audio: 1 } },
      /^media\.audio: /,
    ],
    ['room-join', 'a state with a gap', { ...join, media: { audio: true, video: true } }, /^media\.screen: /],
    ['room-leave', 'nothing at all', undefined, /Expected Object/],
    ['room-leave', 'null', null, /Expected Object/],
    ['participant-update', 'a name of another type', { displayName: 7 }, /^displayName: /],
    ['participant-update', 'half a state', { media: { audio: true } }, /^media\./],
    ['peer-message-send', 'nobody to send to', { message: rebuild }, /^to: /],
    [
      'peer-message-send',
      'an id with foreign characters',
      { to: '../x', message: rebuild },
      /^to: not a part/,
    ],
    ['peer-message-send', 'an endless id', { to: 'x'.repeat(65), message: rebuild }, /^to: not a part/],
    ['peer-message-send', 'an empty id', { to: '', message: rebuild }, /^to: not a part/],
    ['peer-message-send', 'no message', { to: 'abc' }, /^message: /],
    ['peer-message-send', 'an unknown kind', peer({ kind: 'shout', generation: 0 }), /^message\.kind: /],
    ['peer-message-send', 'no generation', peer({ kind: 'rebuild' }), /^message\.generation: /],
    [
      'peer-message-send',
      'half a generation',
      peer({ ...rebuild, generation: 0.5 }),
      /^message\.generation: /,
    ],
    ['peer-message-send', 'a generation below zero', peer({ ...rebuild, generation: -1 }), /generation: /],
    ['peer-message-send', 'a rollback', peer({ ...description, type: 'rollback' }), /^message\.type: /],
    [
      'peer-message-send',
      'a huge SDP',
      peer({ ...description, sdp: 'x'.repeat(128_001) }),
      /^message\.sdp: .*128001/,
    ],
    [
      'peer-message-send',
      'a missing mid',
      peer({ ...description, mids: { ...mids, screen: undefined } }),
      /^message\.mids\.screen: /,
    ],
    [
      'peer-message-send',
      'an empty mid',
      peer({ ...description, mids: { ...mids, audio: '' } }),
      /^message\.mids\.audio: /,
    ],
    [
      'peer-message-send',
      'a huge candidate',
      peer({ ...candidate, candidate: 'x'.repeat(1_025) }),
      /^message\.candidate: /,
    ],
    [
      'peer-message-send',
      'a candidate without a section',
      peer({ ...candidate, sdpMid: undefined }),
      /^message\.sdpMid: /,
    ],
    [
      'peer-message-send',
      'a section out of range',
      peer({ ...candidate, sdpMLineIndex: 65_536 }),
      /^message\.sdpMLineIndex: /,
    ],
    ['chat-send', 'no sequence', { text: 'hi' }, /^sequence: /],
    ['chat-send', 'sequence 0', { ...chat, sequence: 0 }, /^sequence: /],
    ['chat-send', 'half a sequence', { ...chat, sequence: 1.5 }, /^sequence: /],
    ['chat-send', 'a sequence that cannot be counted on', { ...chat, sequence: 2 ** 53 }, /^sequence: /],
    ['chat-send', 'text for a sequence', { ...chat, sequence: '1' }, /^sequence: /],
    ['chat-send', 'no text', { sequence: 1 }, /^text: /],
    ['chat-send', 'empty text', { ...chat, text: '' }, /^text: the text is empty/],
    ['chat-send', 'white space', { ...chat, text: ' \n\u3000' }, /^text: the text is empty/],
    [
      'chat-send',
      'text that nobody sees',
      { ...chat, text: '\u200B\u202E\u3164' },
      /^text: the text is empty/,
    ],
    ['chat-send', 'a long text', { ...chat, text: 'x'.repeat(4_001) }, /^text: .*4001/],
    ['ice-renew', 'text', 'please', /Expected Object/],
  ])('%s refuses %s', (name, _what, input, reason) => {
    expect(reasonOf(name, input)).toMatch(reason);
  });

  it('keeps only what it knows of a peer message', () => {
    const parsed = parseWith(requests['peer-message-send'].request, {
      to: 'abc',
      message: { ...rebuild, note: 'x'.repeat(1_000) },
      from: 'somebody else',
    });
    expect(parsed).toEqual({ ok: true, value: { to: 'abc', message: rebuild } });
  });

  it('cleans a display name', () => {
    const parsed = parseWith(requests['participant-update'].request, { displayName: ' A\u202Ena ' });
    expect(parsed).toEqual({ ok: true, value: { displayName: 'Ana' } });
  });
});

describe('isRequestName', () => {
  it('knows every request', () => {
    expect(Object.keys(requests).filter((name) => !isRequestName(name))).toEqual([]);
  });

  it.each([
    ['__proto__'],
    ['constructor'],
    ['toString'],
    ['chat'],
    ['ROOM-JOIN'],
    [''],
    [0],
    [undefined],
    [{}],
  ])('does not know %o', (name) => {
    expect(isRequestName(name)).toBe(false);
  });
});

describe('notices', () => {
  const remote = { ...participant, polite: true };
  it.each<[NoticeName, unknown, unknown]>([
    ['participant-joined', remote, participant],
    ['participant-updated', participant, { ...participant, media: null }],
    ['participant-left', { id: 'abc', reason: 'left' }, { id: 'abc', reason: 'bored' }],
    ['peer-message', { from: 'abc', message: rebuild }, { message: rebuild }],
    ['chat', chatMessage, { ...chatMessage, sequence: 0 }],
    ['participant-reconnecting', { id: 'abc' }, {}],
    ['participant-returned', { id: 'abc' }, { id: '<abc>' }],
    [
      'answer',
      { request: 1, answer: { ok: true, value: {} } },
      { request: 0, answer: { ok: true, value: {} } },
    ],
    ['refused', { code: 'bad-request', message: 'no' }, { code: 'because', message: 'no' }],
  ])('%s has a shape', (name, right, wrong) => {
    expect(parseWith(notices[name], right)).toEqual({ ok: true, value: right });
    expect(parseWith(notices[name], wrong).ok).toBe(false);
  });
});

describe('answerSchema', () => {
  const replies: { readonly [TName in RequestName]: unknown } = {
    'room-peek': { room: 'blue', displayNames: ['Ana', ''], maxParticipants: 8 },
    'room-join': {
      room: 'blue',
      self: participant,
      participants: [{ ...participant, id: 'other', polite: false }],
      chat: [chatMessage],
      ice,
      maxParticipants: 8,
      instanceId: 'run-1',
    },
    'room-resume': {
      room: 'blue',
      self: participant,
      ice: { ...ice, relayInstanceId: 'relay-1' },
      maxParticipants: 8,
      instanceId: 'run-2',
      roomId: 'life-1',
      seat: { requestsUpTo: 3, noticesUpTo: 4, graceSeconds: 15 },
    },
    'room-leave': {},
    'participant-update': participant,
    'peer-message-send': {},
    'chat-send': chatMessage,
    'ice-renew': ice,
    probe: {},
  };

  it.each(Object.entries(replies))('of %s takes what was asked for, or a refusal', (name, value) => {
    if (!isRequestName(name)) throw new Error(name);
    const schema = answerSchema(name);
    expect(parseWith(schema, { ok: true, value })).toEqual({ ok: true, value: { ok: true, value } });
    const refusal = { ok: false, error: { code: 'room-full', message: 'full', maxParticipants: 8 } };
    expect(parseWith(schema, refusal)).toEqual({ ok: true, value: refusal });
  });

  it.each([
    ['nothing', undefined],
    ['the bare reply', replies['room-join']],
    ['neither yes nor no', { value: replies['room-join'] }],
    ['yes without a value', { ok: true }],
    ['no with a value', { ok: false, value: replies['room-join'] }],
    ['the reply to another request', { ok: true, value: replies['room-peek'] }],
    ['a reason that is not in the contract', { ok: false, error: { code: 'mood', message: '' } }],
    ['a participant without an id', { ok: true, value: { ...participant, id: undefined } }],
  ])('of room-join refuses %s', (_what, input) => {
    expect(parseWith(answerSchema('room-join'), input).ok).toBe(false);
  });
});

describe('handshakeSchema', () => {
  it('takes a version', () => {
    expect(parseWith(handshakeSchema, { version: 1 })).toEqual({ ok: true, value: { version: 1 } });
  });

  it.each([[undefined], [{}], [{ version: '1' }], [{ version: 0 }], [{ version: 1.5 }], [{ version: null }]])(
    'refuses %o',
    (input) => {
      expect(parseWith(handshakeSchema, input).ok).toBe(false);
    },
  );
});
