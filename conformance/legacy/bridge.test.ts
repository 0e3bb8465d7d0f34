import assert from 'node:assert';
import type { IceGrant } from '@callbox/contract';
import type { Approach } from '@callbox/signaling';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  createSignalingClient,
  freshRoom,
  opened,
  type SignalingClient,
} from '../signaling/signaling-client.ts';
import { grantFor, openLegacyTarget, startOwn, type LegacyTarget } from './legacy-target.ts';
import { openOldPage, until, type OldPage } from './old-page.ts';

let target: LegacyTarget;
const endings: (() => void)[] = [];
beforeAll(async () => {
  target = await openLegacyTarget();
});
afterEach(() => {
  for (const end of endings.splice(0)) end();
});
afterAll(() => target.close());

async function oldPage(url = target.url): Promise<OldPage> {
  const page = await openOldPage(url);
  endings.push(() => page.wire.cut());
  return page;
}

/** A client of ours, and its id once it is inside. */
async function ours(room: string, displayName = 'Nea') {
  const client: SignalingClient = createSignalingClient(target.url, { auth: { version: 1, upTo: 2 } });
  endings.push(() => client.socket.disconnect());
  await opened(client.socket);
  const { value } = await client.join(room, displayName);
  const self = value['self'] as { id: string };
  const heardOf = (name: string) =>
    client.heard.filter((event) => event.name === name).map(({ body }) => body);
  return { ...client, id: self.id, value, heardOf };
}

/** An old page and a client of ours in one room; the old one came first unless said otherwise. */
async function mixed(first: 'old' | 'ours' = 'old') {
  const room = freshRoom();
  const old = await oldPage();
  if (first === 'old') await old.ask('join', room);
  const nea = await ours(room);
  const ack = first === 'ours' ? await old.ask('join', room) : [];
  const comers = first === 'ours' ? 1 : 0;
  await until(() => assert(nea.heardOf('participant-joined').length === comers, 'nobody comes'));
  return { room, old, nea, ack };
}

const messages = (page: OldPage) =>
  page
    .heard()
    .filter(({ name }) => name === 'message')
    .map(({ args }) => args[0]);
const tell = (nea: Awaited<ReturnType<typeof ours>>, to: string, message: unknown) =>
  nea.ask('peer-message-send', { to, message });
const offer = { kind: 'description', generation: 0, type: 'offer', sdp: 'v=0\r\n' };

describe('one room', () => {
  test('shows an old page to ours: its id, and that connections to it are plain', async () => {
    const { old, nea } = await mixed();
    expect(nea.value['participants']).toMatchObject([
      {
        id: old.id,
        displayName: '',
        dialect: 'plain',
        polite: false,
        media: { audio: true, video: true, screen: false },
      },
    ]);
  });

  test('shows ours to an old page as one of its own kind', async () => {
    const { nea, ack, old } = await mixed('ours');
    expect(ack).toEqual([null, { clients: { [nea.id]: { screen: false, video: true, audio: false } } }]);
    expect(nea.heardOf('participant-joined')).toMatchObject([{ id: old.id, dialect: 'plain', polite: true }]);
  });

  test('is left by either, and the other is told', async () => {
    const { old, nea, room } = await mixed();
    await old.emit('leave');
    await until(() => expect(nea.heardOf('participant-left')).toEqual([{ id: old.id, reason: 'left' }]));
    await old.ask('join', room);
    old.wire.cut();
    await until(() =>
      expect(nea.heardOf('participant-left')).toEqual([
        { id: old.id, reason: 'left' },
        { id: old.id, reason: 'disconnected' },
      ]),
    );
    const other = await oldPage();
    await other.ask('join', room);
    // Whatever it shows of ours is of a stay before this one.
    expect(other.heard()).toEqual([{ name: 'remove', args: [{ id: nea.id }] }]);
    await nea.ask('room-leave', {});
    await until(() => expect(other.heard().slice(1)).toEqual([{ name: 'remove', args: [{ id: nea.id }] }]));
  });

  test('is full for both kinds alike', async () => {
    const room = freshRoom();
    for (let inside = 0; inside + 1 < target.maxParticipants; inside += 1) await ours(room);
    const [old, late] = [await oldPage(), await oldPage()];
    expect((await old.ask('join', room))[0]).toBeNull();
    expect(await late.ask('join', room)).toEqual(['full']);
    const nea = createSignalingClient(target.url);
    endings.push(() => nea.socket.disconnect());
    await opened(nea.socket);
    expect(await nea.join(room)).toMatchObject({ ok: false, error: { code: 'room-full' } });
  });
});

describe('a connection that an old page offers', () => {
  test('reaches ours, and the answer comes back under the name that the page gave it', async () => {
    const { old, nea } = await mixed('ours');
    const place = { sid: '1523000', roomType: 'video' };
    await old.message(nea.id, { ...place, payload: { type: 'offer', sdp: 'v=0\r\n', nick: ' Olaf ' } });
    await old.message(nea.id, {
      ...place,
      type: 'candidate',
      payload: { candidate: { candidate: 'candidate:1', sdpMid: 'audio', sdpMLineIndex: 0 } },
    });
    await old.message(nea.id, { ...place, type: 'endOfCandidates', payload: {} });
    const candidate = {
      kind: 'candidate',
      generation: 0,
      sdpMid: null,
      sdpMLineIndex: null,
      usernameFragment: null,
    };
    await until(() =>
      expect(nea.heardOf('peer-message')).toEqual([
        { from: old.id, message: { ...offer } },
        {
          from: old.id,
          message: { ...candidate, candidate: 'candidate:1', sdpMid: 'audio', sdpMLineIndex: 0 },
        },
        { from: old.id, message: { ...candidate, candidate: '' } },
      ]),
    );
    await until(() => expect(nea.heardOf('participant-updated')).toMatchObject([{ displayName: 'Olaf' }]));

    await tell(nea, old.id, { ...offer, type: 'answer' });
    await tell(nea, old.id, { ...candidate, candidate: 'candidate:2', sdpMid: '0', sdpMLineIndex: 0 });
    await tell(nea, old.id, { ...candidate, candidate: '' });
    const head = { to: old.id, from: nea.id, prefix: 'webkit', ...place };
    await until(() =>
      expect(messages(old)).toEqual([
        { ...head, type: 'answer', payload: { type: 'answer', sdp: 'v=0\r\n', nick: 'Nea' } },
        {
          ...head,
          type: 'candidate',
          payload: { candidate: { candidate: 'candidate:2', sdpMid: '0', sdpMLineIndex: 0 } },
        },
      ]),
    );
  });

  test('takes the place of the one before if its name is new, and what belongs to that is dropped', async () => {
    const { old, nea } = await mixed('ours');
    for (const sid of ['1', '2'])
      await old.message(nea.id, { sid, payload: { type: 'offer', sdp: `s=${sid}` } });
    await old.message(nea.id, { sid: '1', type: 'answer', payload: { type: 'answer', sdp: 'late' } });
    await old.message(nea.id, { sid: '2', payload: { type: 'offer', sdp: 's=again' } });
    await until(() =>
      expect(nea.heardOf('peer-message')).toMatchObject([
        { message: { generation: 0, sdp: 's=1' } },
        { message: { generation: 1, sdp: 's=2' } },
        { message: { generation: 1, sdp: 's=again' } },
      ]),
    );
  });
});

describe('a connection that ours offers', () => {
  test('reaches an old page, and its answer ours', async () => {
    const { old, nea } = await mixed();
    await tell(nea, old.id, offer);
    await until(() =>
      expect(messages(old)).toEqual([
        {
          to: old.id,
          from: nea.id,
          sid: 'c0',
          roomType: 'video',
          prefix: 'webkit',
          type: 'offer',
          payload: { type: 'offer', sdp: 'v=0\r\n', nick: 'Nea' },
        },
      ]),
    );
    await old.message(nea.id, { sid: 'c0', type: 'answer', payload: { type: 'answer', sdp: 'v=1' } });
    await until(() =>
      expect(nea.heardOf('peer-message')).toEqual([
        { from: old.id, message: { kind: 'description', generation: 0, type: 'answer', sdp: 'v=1' } },
      ]),
    );
  });

  test('takes the place of the one before, and the page is told to forget that', async () => {
    const { old, nea } = await mixed();
    await tell(nea, old.id, offer);
    await tell(nea, old.id, { ...offer, generation: 1 });
    await until(() =>
      expect(old.heard().map(({ name, args: [body] }) => [name, body])).toMatchObject([
        ['message', { sid: 'c0' }],
        ['remove', { id: nea.id, type: 'video' }],
        ['message', { sid: 'c1', type: 'offer' }],
      ]),
    );
  });
});

describe('a screen', () => {
  test('of an old page is offered to ours, asked for by ours, and ends', async () => {
    const { old, nea } = await mixed();
    await old.emit('shareScreen');
    await until(() =>
      expect(nea.heardOf('participant-updated')).toMatchObject([{ media: { screen: true } }]),
    );
    const place = { sid: '7', roomType: 'screen', broadcaster: old.id };
    await old.message(nea.id, { ...place, payload: { type: 'offer', sdp: 'screen' } });
    await until(() =>
      expect(nea.heardOf('peer-message')).toMatchObject([{ message: { sdp: 'screen', screenOf: old.id } }]),
    );
    await tell(nea, old.id, { ...offer, type: 'answer', screenOf: old.id });
    await until(() =>
      expect(messages(old)).toMatchObject([{ sid: '7', roomType: 'screen', type: 'answer' }]),
    );
    await old.emit('unshareScreen', 'screen');
    await until(() =>
      expect(nea.heardOf('participant-updated').at(-1)).toMatchObject({ media: { screen: false } }),
    );

    await old.emit('shareScreen');
    const late = await ours('elsewhere');
    expect(late.id).not.toBe(nea.id);
    await tell(nea, old.id, { ...offer, generation: 1, screenOf: old.id });
    // Who asks for a screen names no broadcaster: that is how the page knows what is asked for.
    await until(() =>
      expect(messages(old).at(-1)).toMatchObject({ roomType: 'screen', type: 'offer', sid: 'c1' }),
    );
    expect(messages(old).at(-1)).not.toHaveProperty('broadcaster');
  });

  test('of ours is offered to an old page, asked for by one that comes later, and ends', async () => {
    const { old, nea, room } = await mixed();
    await nea.ask('participant-update', { media: { audio: true, video: true, screen: true } });
    await tell(nea, old.id, { ...offer, screenOf: nea.id });
    await until(() =>
      expect(messages(old).at(-1)).toMatchObject({ roomType: 'screen', broadcaster: nea.id, type: 'offer' }),
    );
    await old.message(nea.id, {
      sid: 'c0',
      roomType: 'screen',
      type: 'answer',
      payload: { type: 'answer', sdp: 'a' },
    });
    await until(() =>
      expect(nea.heardOf('peer-message')).toMatchObject([{ message: { sdp: 'a', screenOf: nea.id } }]),
    );
    const late = await oldPage();
    expect(await late.ask('join', room)).toMatchObject([null, { clients: { [nea.id]: { screen: true } } }]);
    await late.message(nea.id, { sid: '9', roomType: 'screen', payload: { type: 'offer', sdp: 'wish' } });
    await until(() =>
      expect(nea.heardOf('peer-message').at(-1)).toMatchObject({
        from: late.id,
        message: { sdp: 'wish', screenOf: nea.id },
      }),
    );
    await nea.ask('participant-update', { media: { audio: true, video: true, screen: false } });
    await until(() =>
      expect(old.heard().at(-1)).toEqual({ name: 'remove', args: [{ id: nea.id, type: 'screen' }] }),
    );
  });
});

describe('what people see of each other', () => {
  test('an old page that mutes is muted for ours', async () => {
    const { old, nea } = await mixed();
    for (const [type, name] of [
      ['mute', 'audio'],
      ['mute', 'video'],
      ['unmute', 'audio'],
      ['mute', 'smell'],
    ]) {
      await old.message(nea.id, { type, payload: { name } });
    }
    await until(() =>
      expect(nea.heardOf('participant-updated')).toMatchObject([
        { media: { audio: false, video: true } },
        { media: { audio: false, video: false } },
        { media: { audio: true, video: false } },
      ]),
    );
    expect(nea.heardOf('peer-message')).toEqual([]);
  });

  test('one of ours who is or becomes mute is muted for an old page', async () => {
    const { old, nea } = await mixed();
    // Is: the suite’s client comes without a camera; the page hears so once there is a connection to show it at.
    await tell(nea, old.id, offer);
    await until(() =>
      expect(messages(old).slice(1)).toMatchObject([
        { type: 'mute', from: nea.id, payload: { name: 'video' } },
      ]),
    );
    await nea.ask('participant-update', { media: { audio: false, video: true, screen: false } });
    await until(() =>
      expect(messages(old).slice(2)).toMatchObject([
        { type: 'mute', payload: { name: 'audio' } },
        { type: 'unmute', payload: { name: 'video' } },
      ]),
    );
  });

  test('a line of chat of an old page is in the room once, however many it was sent to', async () => {
    const { old, nea, room } = await mixed();
    const [other, ben] = [await oldPage(), await ours(room, 'Ben')];
    await other.ask('join', room);
    const payload = { message: '你好', nick: 'Olaf' };
    for (const round of [1, 2]) {
      for (const to of [nea.id, ben.id, other.id]) {
        await old.message(to, { type: 'chat', sid: to, roomType: 'video', payload });
      }
      await until(() => expect(nea.heardOf('chat')).toHaveLength(round));
    }
    await until(() => expect(ben.heardOf('chat')).toMatchObject([{ text: '你好' }, { text: '你好' }]));
    await until(() => expect(messages(other)).toMatchObject([{ payload }, { payload }]));
    expect(nea.heardOf('chat')).toMatchObject([{ authorId: old.id, text: '你好' }, { authorId: old.id }]);
    expect(messages(old)).toEqual([]);
    await ben.ask('room-leave', {});
    expect((await ours(room)).value['chat']).toHaveLength(2);
  });

  test('a line of chat of ours reaches every old page', async () => {
    const { old, nea, room } = await mixed();
    const other = await oldPage();
    await other.ask('join', room);
    await nea.ask('chat-send', { sequence: 1, text: 'hello' });
    for (const page of [old, other]) {
      await until(() =>
        expect(messages(page)).toEqual([
          {
            to: page.id,
            from: nea.id,
            type: 'chat',
            roomType: 'video',
            prefix: 'webkit',
            payload: { message: 'hello', nick: 'Nea' },
          },
        ]),
      );
    }
  });

  test('messages of a page’s own are handed to ours, and back, but never as if they made connections', async () => {
    const { old, nea } = await mixed();
    await old.message(nea.id, { type: 'cursor', payload: { x: 1 } });
    await until(() =>
      expect(nea.heardOf('peer-message')).toEqual([
        { from: old.id, message: { kind: 'app', type: 'cursor', payload: { x: 1 } } },
      ]),
    );
    for (const type of ['offer', 'answer', 'candidate', 'endOfCandidates', 'cursor']) {
      await tell(nea, old.id, { kind: 'app', type, payload: [1] });
    }
    await until(() => expect(messages(old)).toMatchObject([{ type: 'cursor', payload: [1], from: nea.id }]));
  });
});

describe('ICE servers', () => {
  const username = (page: OldPage, index = -1): unknown =>
    page
      .iceServers()
      .filter(({ name }) => name === 'turnservers')
      .map(({ args }) => (args[0] as { username: string }[])[0]?.username)
      .at(index);

  test('are told at once, for nobody’s room, and again before the room is', async () => {
    const room = freshRoom();
    const page = await oldPage();
    await until(() =>
      expect(page.iceServers().map(({ name }) => name)).toEqual(['stunservers', 'turnservers']),
    );
    const before = page.wire.received.length;
    await page.ask('join', room);
    const since = page.wire.received.slice(before).map((frame) => frame.slice(0, 16));
    expect(since.map((frame) => frame.replace(/^(\d+).*$/s, '$1'))).toEqual(['42', '42', '431']);
    const lists = (which: string) => page.iceServers().filter(({ name }) => name === which);
    const stun = [expect.objectContaining({ urls: [expect.stringMatching(/^stun:/)] })];
    const turn = [{ urls: expect.any(Array), username: expect.any(String), credential: expect.any(String) }];
    expect(lists('stunservers').map(({ args }) => args)).toEqual([[stun], [stun]]);
    expect(lists('turnservers').map(({ args }) => args)).toEqual([[turn], [turn]]);
    expect(username(page, 0)).not.toBe(username(page));
  });

  test('are told anew before they end, and as those of the room and the page', async () => {
    const own = await startOwn({
      issueIceServers: ({ room, participantId }) => grantFor(room, participantId, 0.2),
      iceLookMs: 20,
    });
    try {
      const page = await oldPage(own.url);
      await page.ask('join', 'demo');
      await until(() => expect(page.iceServers().length).toBeGreaterThanOrEqual(8));
      expect(username(page)).toBe(`9:demo.${page.id}`);
      await page.ask('join', 'other');
      await until(() => expect(username(page)).toBe(`9:other.${page.id}`));
    } finally {
      await own.close();
    }
  });

  test('of the second kind are kept from pages that may not use them', async () => {
    const stunAlone: IceGrant = { iceServers: [{ urls: ['stun:127.0.0.1:3478'] }], lifetimeSeconds: 600 };
    const isWelcome = ({ origin }: Approach): boolean => origin === 'http://localhost:1';
    const own = await startOwn(
      {
        issueIceServers: (request) =>
          isWelcome(request) ? grantFor(request.room, request.participantId) : stunAlone,
      },
      {
        issueForStranger: (approach) => (isWelcome(approach) ? grantFor('nowhere', 'nobody') : stunAlone),
      },
    );
    try {
      const [may, mayNot] = [
        await openOldPage(own.url, { headers: { origin: 'http://localhost:1' } }),
        await openOldPage(own.url, { headers: { origin: 'http://localhost:2' } }),
      ];
      for (const page of [may, mayNot]) {
        await page.ask('join', 'demo');
        await until(() => expect(page.iceServers()).toHaveLength(4));
      }
      expect(mayNot.iceServers().map(({ args }) => args[0])).toEqual([
        [{ urls: ['stun:127.0.0.1:3478'] }],
        [],
        [{ urls: ['stun:127.0.0.1:3478'] }],
        [],
      ]);
      expect(username(may)).toBe(`9:demo.${may.id}`);
      for (const page of [may, mayNot]) page.wire.cut();
    } finally {
      await own.close();
    }
  });
});
