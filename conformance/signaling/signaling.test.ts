import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createSignalingClient,
  freshRoom,
  media,
  opened,
  type ConnectOptions,
  type SignalingClient,
} from './signaling-client.ts';
import { openSignalingTarget, type SignalingTarget } from './signaling-target.ts';

let target: SignalingTarget;
const clients: SignalingClient[] = [];
beforeAll(async () => {
  target = await openSignalingTarget();
});
afterEach(() => {
  for (const { socket } of clients.splice(0)) socket.disconnect();
});
afterAll(async () => {
  await target.close();
});

function client(options?: ConnectOptions): SignalingClient {
  const made = createSignalingClient(target.url, options);
  clients.push(made);
  return made;
}

async function connect(options?: ConnectOptions): Promise<SignalingClient> {
  const made = client(options);
  await opened(made.socket);
  return made;
}

/** Two in a room of their own, with what each was told on the way in. */
async function pair() {
  const room = freshRoom();
  const [ana, bo] = [await connect(), await connect()];
  const anaIn = (await ana.join(room, 'Ana')).value;
  const boIn = (await bo.join(room, 'Bo')).value;
  await ana.settle();
  return { room, ana, bo, anaIn, boIn, anaId: idOf(anaIn), boId: idOf(boIn) };
}

const idOf = (joined: Record<string, unknown>): string => (joined['self'] as { id: string }).id;
const refused = (code: string): unknown => ({
  ok: false,
  error: expect.objectContaining({ code, message: expect.any(String) }),
});
const id = expect.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const description = {
  kind: 'description',
  generation: 0,
  type: 'offer',
  sdp: 'v=0\r\n',
  mids: { audio: '0', camera: '1', screen: '2', screenAudio: '3' },
};
const candidate = (index: number) => ({
  kind: 'candidate',
  generation: 0,
  candidate: `candidate:${index}`,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: null,
});

describe('connecting', () => {
  it.each([[undefined], [{}], [{ version: '1' }], [{ version: 1_000 }]])(
    'without a version that the server speaks is refused: %o',
    async (auth) => {
      await expect(opened(client({ auth: auth ?? {} }).socket)).rejects.toMatchObject({
        data: { code: 'version-unsupported', message: expect.any(String) },
      });
    },
  );

  it.each([['websocket'], ['polling']])('works by %s alone', async (transport) => {
    const ana = await connect({ transports: [transport] });
    expect(await ana.join(freshRoom(), '博')).toMatchObject({
      ok: true,
      value: { self: { displayName: '博' } },
    });
    expect(ana.socket.io.engine.transport.name).toBe(transport);
  });

  it.each([['websocket'], ['polling']])('is not for the page of a stranger, by %s', async (transport) => {
    const stranger = client({
      transports: [transport],
      extraHeaders: { Origin: 'https://stranger.invalid' },
    });
    await expect(opened(stranger.socket)).rejects.toThrow(/error/);
  });
});

describe('room-peek', () => {
  it('shows who is inside, under the canonical name', async () => {
    const { room } = await pair();
    const visitor = await connect();
    expect(await visitor.ask('room-peek', { room: ` ${room.toUpperCase()} ` })).toEqual({
      ok: true,
      value: { room, displayNames: ['Ana', 'Bo'], maxParticipants: expect.any(Number) },
    });
  });

  it('does not enter', async () => {
    const [ana, visitor] = [await connect(), await connect()];
    const room = freshRoom();
    await ana.join(room);
    await visitor.ask('room-peek', { room });
    await ana.settle();
    expect(ana.heard).toEqual([]);
    expect(await visitor.ask('ice-renew', {})).toEqual(refused('not-in-room'));
  });

  it.each([[''], ['..'], ['__proto__'], ['a/b'], ['a%2fb'], ['\u202E'], ['x'.repeat(65)]])(
    'refuses what is no room name: "%s"',
    async (room) => {
      const visitor = await connect();
      expect(await visitor.ask('room-peek', { room })).toEqual(refused('room-name-invalid'));
      expect(await visitor.ask('room-join', { room, displayName: '', media })).toEqual(
        refused('room-name-invalid'),
      );
    },
  );
});

describe('room-join', () => {
  it('tells the newcomer everything and the others of the newcomer', async () => {
    const { room, ana, anaIn, boIn } = await pair();
    const self = { id, displayName: 'Ana', media, joinedAtMs: expect.any(Number) };
    expect(anaIn).toEqual({
      room,
      self,
      participants: [],
      chat: [],
      ice: { iceServers: expect.any(Array), lifetimeSeconds: expect.any(Number) },
      maxParticipants: expect.any(Number),
      instanceId: expect.any(String),
      roomId: expect.any(String),
    });
    expect(boIn['participants']).toEqual([{ ...(anaIn['self'] as object), polite: false }]);
    expect(ana.heard).toEqual([
      { name: 'participant-joined', body: { ...(boIn['self'] as object), polite: true } },
    ]);
  });

  it('grants ICE servers that name the host by which the client came', async () => {
    const ana = await connect();
    const { ice } = (await ana.join(freshRoom())).value as { ice: { iceServers: { urls: string[] }[] } };
    const urls = ice.iceServers.flatMap((server) => server.urls);
    expect(urls.some((url) => url.includes(new URL(target.url).hostname))).toBe(true);
  });

  it('refuses one more than the room holds, and takes the next when somebody left', async () => {
    const room = freshRoom();
    const first = await connect();
    const { maxParticipants } = (await first.join(room)).value as { maxParticipants: number };
    for (let inside = 1; inside < maxParticipants; inside += 1) {
      expect(await (await connect()).join(room)).toMatchObject({ ok: true });
    }
    const late = await connect();
    expect(await late.join(room)).toEqual({
      ok: false,
      error: { code: 'room-full', message: expect.any(String), maxParticipants },
    });
    await first.ask('room-leave', {});
    expect(await late.join(room)).toMatchObject({ ok: true });
  });

  it('cleans a display name and takes none', async () => {
    const [ana, bo] = [await connect(), await connect()];
    expect(await ana.join(freshRoom(), ' A\u202En\u0000a ')).toMatchObject({
      value: { self: { displayName: 'Ana' } },
    });
    expect(await bo.join(freshRoom(), '')).toMatchObject({ value: { self: { displayName: '' } } });
  });

  it('is for those who are outside', async () => {
    const { ana, room } = await pair();
    expect(await ana.join(freshRoom())).toEqual(refused('already-in-room'));
    expect(await ana.ask('room-peek', { room })).toMatchObject({ value: { displayNames: ['Ana', 'Bo'] } });
  });
});

describe('leaving', () => {
  it.each<[string, (client: SignalingClient) => unknown]>([
    ['left', (client) => client.ask('room-leave', {})],
    ['left', (client) => client.socket.disconnect()],
    ['disconnected', (client) => client.socket.io.engine.close()],
  ])('is told to the others: %s', async (reason, leave) => {
    const { ana, bo, boId } = await pair();
    await leave(bo);
    await expect
      .poll(() => ana.heard.at(-1))
      .toEqual({ name: 'participant-left', body: { id: boId, reason } });
  });

  it('is for those who are inside, and may be followed by joining under a new id', async () => {
    const { ana, anaId, room } = await pair();
    expect(await ana.ask('room-leave', {})).toEqual({ ok: true, value: {} });
    expect(await ana.ask('room-leave', {})).toEqual(refused('not-in-room'));
    const again = (await ana.join(room)).value;
    expect(idOf(again)).not.toBe(anaId);
    expect(again['participants']).toMatchObject([{ displayName: 'Bo', polite: false }]);
  });

  it('of the last one ends the room and its chat', async () => {
    const [ana, room] = [await connect(), freshRoom()];
    await ana.join(room);
    await ana.ask('chat-send', { sequence: 1, text: 'hello' });
    await ana.ask('room-leave', {});
    expect((await ana.join(room)).value['chat']).toEqual([]);
  });
});

describe('participant-update', () => {
  it('changes what is named, is answered, and is told to the others', async () => {
    const { ana, bo, boIn } = await pair();
    const on = { audio: true, video: true, screen: true };
    const named = { ...(boIn['self'] as object), displayName: 'Bo B.' };
    expect(await bo.ask('participant-update', { displayName: 'Bo B.' })).toEqual({ ok: true, value: named });
    const value = { ...named, media: on };
    expect(await bo.ask('participant-update', { media: on })).toEqual({ ok: true, value });
    await ana.settle();
    expect(ana.heard.slice(1)).toEqual([
      { name: 'participant-updated', body: named },
      { name: 'participant-updated', body: value },
    ]);
  });
});

describe('peer-message-send', () => {
  it('carries messages in order to one participant, with their sender', async () => {
    const { ana, bo, anaId, boId } = await pair();
    const messages = [description, ...Array.from({ length: 50 }, (_unused, index) => candidate(index))];
    for (const message of messages) bo.socket.emit('peer-message-send', { to: anaId, message });
    await expect
      .poll(() => ana.heard.slice(1))
      .toEqual(messages.map((message) => ({ name: 'peer-message', body: { from: boId, message } })));
    expect(bo.heard).toEqual([]);
  });

  it('reaches nobody outside the room, and not oneself', async () => {
    const { ana, anaId, bo, boId } = await pair();
    const stranger = await connect();
    await stranger.join(freshRoom());
    expect(await stranger.ask('peer-message-send', { to: anaId, message: description })).toEqual(
      refused('unknown-participant'),
    );
    expect(await bo.ask('peer-message-send', { to: boId, message: description })).toEqual(
      refused('unknown-participant'),
    );
    await ana.settle();
    expect(ana.heard.map(({ name }) => name)).toEqual(['participant-joined']);
  });
});

describe('chat-send', () => {
  it('answers the author, tells the others, and is there for those who come later', async () => {
    const { ana, bo, boId, room } = await pair();
    const value = {
      authorId: boId,
      sequence: 1,
      authorName: 'Bo',
      text: '你好',
      sentAtMs: expect.any(Number),
    };
    expect(await bo.ask('chat-send', { sequence: 1, text: '你好' })).toEqual({ ok: true, value });
    await ana.settle();
    expect(ana.heard.at(-1)).toEqual({ name: 'chat', body: value });
    await bo.settle();
    expect(bo.heard).toEqual([]);
    expect((await (await connect()).join(room)).value['chat']).toEqual([value]);
  });

  it('says a repeated line once, takes a gap, and does not go back', async () => {
    const { ana, bo } = await pair();
    const first = await bo.ask('chat-send', { sequence: 2, text: 'once' });
    expect(await bo.ask('chat-send', { sequence: 2, text: 'once' })).toEqual(first);
    expect(await bo.ask('chat-send', { sequence: 9, text: 'after a gap' })).toMatchObject({ ok: true });
    expect(await bo.ask('chat-send', { sequence: 5, text: 'late' })).toEqual(refused('bad-request'));
    await ana.settle();
    expect(ana.heard.slice(1)).toMatchObject([{ body: { sequence: 2 } }, { body: { sequence: 9 } }]);
  });
});

describe('ice-renew', () => {
  it('grants ICE servers to one who is inside', async () => {
    const { ana } = await pair();
    expect(await ana.ask('ice-renew', {})).toEqual({
      ok: true,
      value: { iceServers: expect.any(Array), lifetimeSeconds: expect.any(Number) },
    });
  });
});

describe('a wrong message', () => {
  it.each<[string, unknown[]]>([
    ['room-peek', [{ room: 7 }]],
    ['room-join', [{ room: 'blue' }]],
    ['participant-update', [{ media: { audio: true } }]],
    ['peer-message-send', [{ to: 'abc', message: { kind: 'description' } }]],
    ['peer-message-send', [{ to: 'abc', message: { ...description, sdp: 'x'.repeat(128_001) } }]],
    ['chat-send', [{ sequence: 0, text: 'hello' }]],
    ['chat-send', [{ sequence: 1, text: 'x'.repeat(4_001) }]],
    ['chat-send', [{ sequence: 1, text: '\u200B' }]],
    ['ice-renew', []],
    ['ice-renew', [{}, {}]],
    ['room-destroy', [{}]],
    ['__proto__', [{}]],
  ])('of %s is refused and changes nothing', async (name, inputs) => {
    const { ana, bo } = await pair();
    expect(await bo.ask(name, ...inputs)).toEqual(refused('bad-request'));
    await ana.settle();
    expect(ana.heard.map((notice) => notice.name)).toEqual(['participant-joined']);
    expect(await bo.ask('chat-send', { sequence: 1, text: 'still here' })).toMatchObject({ ok: true });
  });

  it('without an acknowledgement is answered by a notice', async () => {
    const { bo } = await pair();
    bo.socket.emit('chat-send', { text: 'no sequence' });
    await bo.settle();
    expect(bo.heard).toEqual([
      { name: 'refused', body: { code: 'bad-request', message: expect.any(String) } },
    ]);
  });

  it('beyond the largest size ends the connection of its sender alone', async () => {
    const { ana, bo } = await pair();
    bo.socket.emit('chat-send', { sequence: 1, text: 'x'.repeat(262_145) });
    await expect.poll(() => ana.heard.at(-1)).toMatchObject({ name: 'participant-left' });
    await expect.poll(() => bo.socket.connected).toBe(false);
    expect(await ana.ask('chat-send', { sequence: 1, text: 'still here' })).toMatchObject({ ok: true });
  });
});
