import type { IceGrant, PeerMessage } from '@callbox/contract';
import { afterEach, describe, expect, it } from 'vitest';
import {
  media,
  startSignaling,
  type SignalingHarness,
  type TestClient,
} from '../testing/signaling-harness.ts';

let harness: SignalingHarness | null = null;
async function start(options?: Parameters<typeof startSignaling>[0]): Promise<SignalingHarness> {
  harness = await startSignaling(options);
  return harness;
}
afterEach(async () => {
  await harness?.stop();
  harness = null;
});

const namesHeard = (client: TestClient): string[] => client.heard.map(({ name }) => name);
const refused = (code: string): unknown => ({ ok: false, error: { code, message: expect.any(String) } });

describe('joining', () => {
  it('answers with the room, oneself, the others and their ICE servers', async () => {
    const { connect, urls } = await start({ now: () => 1_700_000_000_000 });
    const ana = await connect();
    const joined = await ana.join('Team Blue', ' Ana ');
    expect(joined).toEqual({
      room: 'team-blue',
      self: { id: expect.any(String), displayName: 'Ana', media, joinedAtMs: 1_700_000_000_000 },
      participants: [],
      chat: [],
      ice: { iceServers: [{ urls: [`turn:${new URL(urls[0] ?? '').host}`] }], lifetimeSeconds: 600 },
      maxParticipants: 8,
      instanceId: expect.stringMatching(/^[\w-]{22}$/),
      roomId: expect.stringMatching(/^[\w-]{22}$/),
    });
    expect(joined.self.id).toMatch(/^[\w-]{22}$/);
  });

  it('tells each side of the other, and makes the one who was there polite', async () => {
    const { connect } = await start();
    const [ana, bo] = [await connect(), await connect()];
    const first = await ana.join('blue', 'Ana');
    const second = await bo.join('blue', 'Bo');
    expect(second.participants).toEqual([{ ...first.self, polite: false }]);
    await expect
      .poll(() => ana.heard)
      .toEqual([{ name: 'participant-joined', body: { ...second.self, polite: true } }]);
    await bo.settle();
    expect(bo.heard).toEqual([]);
  });

  it('lists the others in the order in which they came', async () => {
    const { connect } = await start();
    for (const name of ['Ana', 'Bo', 'Cleo']) await (await connect()).join('blue', name);
    const { participants } = await (await connect()).join('blue', 'Dee');
    expect(participants.map(({ displayName }) => displayName)).toEqual(['Ana', 'Bo', 'Cleo']);
  });

  it('passes the offer that came with the wish on to the first who may have it, and says to whom', async () => {
    const { connect } = await start();
    const [ana, bo, cleo] = [await connect(), await connect(), await connect()];
    const mids = { audio: '0', camera: '1', screen: '2', screenAudio: '3' };
    const come = { room: 'blue', displayName: 'Bo', media, offer: { sdp: 'v=0', mids } };
    const first = await ana.ask('room-join', { ...come, displayName: 'Ana' });
    if (!first.ok) throw new Error(first.error.message);
    expect(first.value).not.toHaveProperty('offeredTo');
    const anaId = first.value.self.id;
    const second = await bo.ask('room-join', come);
    expect(second).toMatchObject({ ok: true, value: { offeredTo: anaId } });
    const boId = second.ok ? second.value.self.id : null;
    const message: PeerMessage = { kind: 'description', generation: 0, type: 'offer', sdp: 'v=0', mids };
    await expect.poll(() => namesHeard(ana)).toEqual(['participant-joined', 'peer-message']);
    expect(ana.heard[1]?.body).toEqual({ from: boId, message });
    const third = await cleo.ask('room-join', come);
    expect(third).toMatchObject({ ok: true, value: { offeredTo: anaId } });
    await bo.settle();
    expect(namesHeard(bo)).toEqual(['participant-joined']);
  });

  it('refuses a wish to come in whose offer is none, and lets nobody in', async () => {
    const { connect, server } = await start();
    const ana = await connect();
    const join = { room: 'blue', displayName: '', media };
    for (const offer of [null, 'v=0', { sdp: 'v=0' }, { sdp: 'v'.repeat(200_000), mids: {} }])
      expect(await ana.askRaw('room-join', { ...join, offer })).toEqual(refused('bad-request'));
    expect(server.counts()).toEqual({ rooms: 0, participants: 0 });
  });

  it('never gives the same id twice, not even to one who comes back', async () => {
    const { connect } = await start();
    const ana = await connect();
    const first = await ana.join('blue');
    expect(await ana.ask('room-leave', {})).toEqual({ ok: true, value: {} });
    const second = await ana.join('blue');
    expect(second.self.id).not.toBe(first.self.id);
    expect(second.instanceId).toBe(first.instanceId);
  });

  it('refuses one who is in a room, and leaves them there', async () => {
    const { connect, server } = await start();
    const ana = await connect();
    await ana.join('blue');
    expect(await ana.ask('room-join', { room: 'red', displayName: '', media })).toEqual(
      refused('already-in-room'),
    );
    expect(server.counts()).toEqual({ rooms: 1, participants: 1 });
  });

  it('refuses a full room with its size, and lets the next in when somebody left', async () => {
    const { connect } = await start({ maxParticipants: 2 });
    const [ana, bo, cleo] = [await connect(), await connect(), await connect()];
    await ana.join('blue');
    await bo.join('blue');
    expect(await cleo.ask('room-join', { room: 'blue', displayName: '', media })).toEqual({
      ok: false,
      error: { code: 'room-full', message: expect.any(String), maxParticipants: 2 },
    });
    await ana.settle();
    expect(namesHeard(ana)).toEqual(['participant-joined']);
    await ana.ask('room-leave', {});
    expect((await cleo.join('blue')).participants).toHaveLength(1);
  });

  it('refuses what is no room name', async () => {
    const { connect, server } = await start();
    const ana = await connect();
    for (const room of ['', '..', '__proto__', 'a/b', 'a%2f', '\u202E', 'x'.repeat(300)]) {
      expect(await ana.ask('room-join', { room, displayName: '', media })).toEqual(
        refused('room-name-invalid'),
      );
      expect(await ana.ask('room-peek', { room })).toEqual(refused('room-name-invalid'));
    }
    expect(server.counts()).toEqual({ rooms: 0, participants: 0 });
  });

  it('lets nobody in when ICE servers cannot be issued', async () => {
    let isBroken = true;
    const { connect, server, log } = await start({
      issueIceServers() {
        if (isBroken) throw new Error('no secret');
        return { iceServers: [], lifetimeSeconds: 60 };
      },
    });
    const [ana, bo] = [await connect(), await connect()];
    expect(await ana.ask('room-join', { room: 'blue', displayName: '', media })).toEqual({
      ok: false,
      error: { code: 'internal', message: expect.not.stringContaining('secret') },
    });
    expect(server.counts()).toEqual({ rooms: 0, participants: 0 });
    expect(log.filter(({ level }) => level === 'error')).toMatchObject([
      { details: { request: 'room-join', error: new Error('no secret') } },
    ]);
    isBroken = false;
    expect((await bo.join('blue')).participants).toEqual([]);
    expect((await ana.join('blue')).participants).toHaveLength(1);
  });
});

describe('a look at a room', () => {
  it('shows who is inside to one who is not', async () => {
    const { connect, server } = await start();
    const [ana, bo] = [await connect(), await connect()];
    const peek = () => bo.ask('room-peek', { room: 'BLUE' });
    expect(await peek()).toEqual({
      ok: true,
      value: { room: 'blue', displayNames: [], maxParticipants: 8 },
    });
    await ana.join('blue', 'Ana');
    expect(await peek()).toMatchObject({ ok: true, value: { displayNames: ['Ana'] } });
    expect(server.counts()).toEqual({ rooms: 1, participants: 1 });
    await ana.settle();
    expect(ana.heard).toEqual([]);
  });
});

describe('leaving', () => {
  it.each([
    ['by request', 'left', (client: TestClient) => client.ask('room-leave', {})],
    ['by closing the socket', 'left', (client: TestClient) => client.socket.disconnect()],
    ['by a lost connection', 'disconnected', (client: TestClient) => client.socket.io.engine.close()],
  ])('%s is told to those who stay', async (_how, reason, leave) => {
    const { connect, server } = await start();
    const [ana, bo] = [await connect(), await connect()];
    await ana.join('blue');
    const { self } = await bo.join('blue');
    await leave(bo);
    await expect
      .poll(() => ana.heard.at(-1))
      .toEqual({
        name: 'participant-left',
        body: { id: self.id, reason },
      });
    expect(server.counts()).toEqual({ rooms: 1, participants: 1 });
  });

  it('and coming are one line each in the log, which does not name the room', async () => {
    const { connect, log } = await start();
    const ana = await connect();
    const { self } = await ana.join('secret-room', 'Ana');
    await ana.ask('chat-send', { sequence: 1, text: 'hello' });
    await ana.ask('room-leave', {});
    expect(log.filter(({ level }) => level !== 'debug')).toEqual([
      { level: 'info', message: 'participant-joined', details: { participantId: self.id, participants: 1 } },
      { level: 'info', message: 'participant-left', details: { participantId: self.id, participants: 0 } },
    ]);
    expect(JSON.stringify(log)).not.toMatch(/secret-room|hello|Ana/);
  });

  it('ends the room with the last one, and its chat with it', async () => {
    const { connect, server } = await start();
    const ana = await connect();
    await ana.join('blue');
    await ana.ask('chat-send', { sequence: 1, text: 'anybody here?' });
    await ana.ask('room-leave', {});
    expect(server.counts()).toEqual({ rooms: 0, participants: 0 });
    expect((await ana.join('blue')).chat).toEqual([]);
  });

  it('is heard no more: neither of the room nor in it', async () => {
    const { connect } = await start();
    const [ana, bo] = [await connect(), await connect()];
    const { self } = await ana.join('blue');
    await bo.join('blue');
    await ana.ask('room-leave', {});
    expect(await bo.ask('chat-send', { sequence: 1, text: 'gone?' })).toMatchObject({ ok: true });
    expect(
      await bo.ask('peer-message-send', { to: self.id, message: { kind: 'rebuild', generation: 1 } }),
    ).toEqual(refused('unknown-participant'));
    await ana.settle();
    expect(namesHeard(ana)).toEqual(['participant-joined']);
  });

  it.each([
    ['room-leave', {}],
    ['participant-update', { displayName: 'x' }],
    ['chat-send', { sequence: 1, text: 'x' }],
    ['peer-message-send', { to: 'abc', message: { kind: 'rebuild', generation: 0 } }],
    ['ice-renew', {}],
  ] as const)('means that %s is refused', async (name, request) => {
    const { connect } = await start();
    const ana = await connect();
    expect(await ana.ask(name, request)).toEqual(refused('not-in-room'));
    await ana.join('blue');
    expect(await ana.ask(name, request)).not.toEqual(refused('not-in-room'));
  });
});

describe('an update', () => {
  it('is answered and told to the others', async () => {
    const { connect } = await start();
    const [ana, bo] = [await connect(), await connect()];
    await ana.join('blue', 'Ana');
    const { self } = await bo.join('blue', 'Bo');
    const on = { audio: true, video: true, screen: true };
    const value = { ...self, displayName: 'Bo B.', media: on };
    expect(await bo.ask('participant-update', { displayName: 'Bo B.' })).toEqual({
      ok: true,
      value: { ...value, media },
    });
    expect(await bo.ask('participant-update', { media: on })).toEqual({ ok: true, value });
    await expect
      .poll(() => ana.heard.slice(1))
      .toEqual([
        { name: 'participant-updated', body: { ...value, media } },
        { name: 'participant-updated', body: value },
      ]);
    await bo.settle();
    expect(bo.heard).toEqual([]);
    expect((await (await connect()).join('blue')).participants[1]).toEqual({ ...value, polite: false });
  });

  it('that changes nothing is not told', async () => {
    const { connect } = await start();
    const [ana, bo] = [await connect(), await connect()];
    await ana.join('blue');
    await bo.join('blue', 'Bo');
    expect(await bo.ask('participant-update', { displayName: 'Bo', media })).toMatchObject({ ok: true });
    await bo.ask('chat-send', { sequence: 1, text: 'marker' });
    await expect.poll(() => namesHeard(ana)).toEqual(['participant-joined', 'chat']);
  });
});

describe('chat', () => {
  it('reaches the others at once and those who come later as history', async () => {
    const { connect } = await start({ now: () => 77 });
    const [ana, bo] = [await connect(), await connect()];
    const { self } = await ana.join('blue', 'Ana');
    await bo.join('blue', 'Bo');
    const message = { authorId: self.id, sequence: 1, authorName: 'Ana', text: '你好 👋', sentAtMs: 77 };
    expect(await ana.ask('chat-send', { sequence: 1, text: '你好 👋' })).toEqual({
      ok: true,
      value: message,
    });
    await expect.poll(() => bo.heard).toEqual([{ name: 'chat', body: message }]);
    expect((await (await connect()).join('blue')).chat).toEqual([message]);
    await ana.settle();
    expect(namesHeard(ana)).not.toContain('chat');
  });

  it('has one line for a line that was sent twice', async () => {
    const { connect } = await start();
    const [ana, bo] = [await connect(), await connect()];
    await ana.join('blue');
    await bo.join('blue');
    const first = await ana.ask('chat-send', { sequence: 1, text: 'once' });
    expect(await ana.ask('chat-send', { sequence: 1, text: 'once' })).toEqual(first);
    await ana.ask('chat-send', { sequence: 3, text: 'next' });
    await expect
      .poll(() => bo.heard.map(({ body }) => (body as { text: string }).text))
      .toEqual(['once', 'next']);
  });
});

describe('peer messages', () => {
  const description: PeerMessage = {
    kind: 'description',
    generation: 0,
    type: 'offer',
    sdp: 'v=0\r\n',
    mids: { audio: '0', camera: '1', screen: '2', screenAudio: '3' },
  };

  it('arrive in the order in which they were sent, with their sender', async () => {
    const { connect } = await start();
    const [ana, bo] = [await connect(), await connect()];
    const { self } = await ana.join('blue');
    const second = await bo.join('blue');
    const candidates = Array.from({ length: 100 }, (_unused, index): PeerMessage => ({
      kind: 'candidate',
      generation: 0,
      candidate: `candidate:${index}`,
      sdpMid: '0',
      sdpMLineIndex: 0,
      usernameFragment: null,
    }));
    const messages = [description, ...candidates];
    for (const message of messages) bo.socket.emit('peer-message-send', { to: self.id, message });
    await expect.poll(() => ana.heard.length).toBe(1 + messages.length);
    expect(ana.heard.slice(1)).toEqual(
      messages.map((message) => ({ name: 'peer-message', body: { from: second.self.id, message } })),
    );
  });

  it('stay between two: a third does not hear them', async () => {
    const { connect } = await start();
    const [ana, bo, cleo] = [await connect(), await connect(), await connect()];
    const { self } = await ana.join('blue');
    await bo.join('blue');
    await cleo.join('blue');
    expect(await bo.ask('peer-message-send', { to: self.id, message: description })).toEqual({
      ok: true,
      value: {},
    });
    await expect.poll(() => namesHeard(ana)).toContain('peer-message');
    await cleo.settle();
    expect(namesHeard(cleo)).toEqual([]);
  });

  it('do not leave the room', async () => {
    const { connect } = await start();
    const [ana, bo] = [await connect(), await connect()];
    const { self } = await ana.join('blue');
    await bo.join('red');
    expect(await bo.ask('peer-message-send', { to: self.id, message: description })).toEqual(
      refused('unknown-participant'),
    );
    await ana.settle();
    expect(ana.heard).toEqual([]);
  });

  it('are not for oneself, nor for the id of a socket', async () => {
    const { connect } = await start();
    const [ana, bo] = [await connect(), await connect()];
    const { self } = await ana.join('blue');
    await bo.join('blue');
    for (const to of [self.id, bo.socket.id ?? '']) {
      expect(await ana.askRaw('peer-message-send', { to, message: description })).toEqual(
        refused('unknown-participant'),
      );
    }
    await bo.settle();
    expect(bo.heard).toEqual([]);
  });
});

describe('rooms', () => {
  it('hear nothing of each other', async () => {
    const { connect, server } = await start();
    const rooms = ['blue', 'red', 'green', '周会'];
    const pairs = await Promise.all(
      rooms.map(async (room) => {
        const [first, second] = [await connect(), await connect()];
        await first.join(room, `first of ${room}`);
        await second.join(room, `second of ${room}`);
        await second.ask('chat-send', { sequence: 1, text: `hello ${room}` });
        return { room, first, second };
      }),
    );
    for (const { room, first } of pairs) {
      await expect
        .poll(() => first.heard)
        .toMatchObject([
          { name: 'participant-joined', body: { displayName: `second of ${room}` } },
          { name: 'chat', body: { text: `hello ${room}` } },
        ]);
    }
    expect(server.counts()).toEqual({ rooms: 4, participants: 8 });
  });

  it("are not entered by somebody's id, which is a name like any other", async () => {
    const { connect } = await start();
    const [ana, bo] = [await connect(), await connect()];
    const { self } = await ana.join('blue');
    for (const id of [ana.socket.id ?? '', self.id]) {
      // An id may begin with what a room name may not.
      const room = id.replace(/^[-_]+/, '');
      expect((await bo.join(room)).participants).toEqual([]);
      await bo.ask('chat-send', { sequence: 1, text: 'anybody?' });
      await bo.ask('room-leave', {});
    }
    await ana.settle();
    expect(ana.heard).toEqual([]);
  });
});

describe('ICE servers', () => {
  const approach = { remoteAddress: '127.0.0.1', host: '', secure: false, isProxied: false };

  /** A server whose clock the test moves; what it issues is told apart by a count. */
  async function startWithClock(lifetimeSeconds: number) {
    let [nowMs, issued] = [1_000_000, 0];
    const harnessWithClock = await start({
      now: () => nowMs,
      iceLookMs: 5,
      issueIceServers: ({ participantId }) => {
        issued += 1;
        return {
          iceServers: [{ urls: ['turn:x'], username: `${participantId} ${issued}` }],
          lifetimeSeconds,
        };
      },
    });
    const pass = (seconds: number) => void (nowMs += seconds * 1_000);
    return { ...harnessWithClock, pass };
  }
  const usernames = ({ heard }: TestClient) =>
    heard
      .filter(({ name }) => name === 'ice-servers')
      .map(({ body }) => (body as IceGrant).iceServers[0]?.username);

  it('are sent anew, to each its own, when half of their life is over, for as long as somebody stays', async () => {
    const { connect, pass } = await startWithClock(600);
    const [ana, bo] = [await connect(), await connect()];
    const [a, b] = [await ana.join('blue'), await bo.join('red')];
    pass(300);
    await expect
      .poll(() => [usernames(ana), usernames(bo)])
      .toEqual([[`${a.self.id} 3`], [`${b.self.id} 4`]]);
    await bo.ask('room-leave', {});
    pass(300);
    await expect.poll(() => usernames(ana)).toEqual([`${a.self.id} 3`, `${a.self.id} 5`]);
    await bo.settle();
    expect(usernames(bo)).toHaveLength(1);
  });

  it('are not sent anew to one who has just asked for them', async () => {
    const { connect, pass } = await startWithClock(600);
    const [ana, bo] = [await connect(), await connect()];
    await ana.join('blue');
    await bo.join('blue');
    pass(200);
    await ana.ask('ice-renew', {});
    pass(100);
    await expect.poll(() => usernames(bo)).toHaveLength(1);
    await ana.settle();
    expect(usernames(ana)).toEqual([]);
  });

  it('are sent anew to everybody when the program says that they have changed', async () => {
    const { connect, server } = await startWithClock(600);
    const [ana, outside] = [await connect(), await connect()];
    await ana.join('blue');
    server.renewIceServers();
    await ana.settle();
    await outside.settle();
    expect([usernames(ana).length, usernames(outside).length]).toEqual([1, 0]);
  });

  it('are tried again where they could not be made, and nobody else goes without', async () => {
    let fails = false;
    const { connect, server, log } = await start({
      issueIceServers: ({ room }) => {
        if (fails && room === 'blue') throw new Error('no');
        return { iceServers: [], lifetimeSeconds: 600 };
      },
    });
    const [ana, bo] = [await connect(), await connect()];
    await ana.join('blue');
    await bo.join('red');
    const hears = ({ heard }: TestClient) => heard.filter(({ name }) => name === 'ice-servers').length;
    fails = true;
    server.renewIceServers();
    await bo.settle();
    await ana.settle();
    expect([hears(ana), hears(bo)]).toEqual([0, 1]);
    expect(log.filter(({ level }) => level === 'error')).toHaveLength(1);
    fails = false;
    server.renewIceServers();
    await ana.settle();
    expect(hears(ana)).toBe(1);
  });

  it('are issued to each admitted participant, by the host that its browser used', async () => {
    const { connect, iceRequests, urls } = await start({ maxParticipants: 1 });
    const ana = await connect({ extraHeaders: { Host: 'calls.example:8443' } });
    const bo = await connect();
    const { self, ice } = await ana.join('blue');
    expect(ice.iceServers).toEqual([{ urls: ['turn:calls.example:8443'] }]);
    expect(await bo.ask('room-join', { room: 'blue', displayName: '', media })).toMatchObject({ ok: false });
    const second = await bo.join('red');
    expect(iceRequests).toEqual([
      { participantId: self.id, room: 'blue', ...approach, host: 'calls.example:8443' },
      { participantId: second.self.id, room: 'red', ...approach, host: new URL(urls[0] ?? '').host },
    ]);
  });

  it('are issued, and origins judged, by what the program reads from a request', async () => {
    const seen = { remoteAddress: '203.0.113.7', host: 'calls.example', secure: true, isProxied: true };
    const hosts: string[] = [];
    const { connect, iceRequests } = await start({
      readApproach: ({ headers }) => (headers['x-proxied'] === 'yes' ? seen : approach),
      isOriginAllowed: (_origin, host) => hosts.push(host) > 0,
    });
    const { self } = await (await connect({ extraHeaders: { 'X-Proxied': 'yes' } })).join('blue');
    expect(iceRequests).toEqual([{ participantId: self.id, room: 'blue', ...seen }]);
    expect(new Set(hosts)).toEqual(new Set(['calls.example']));
  });

  it('are renewed for the same participant', async () => {
    let issued = 0;
    const { connect } = await start({
      issueIceServers: ({ participantId }) => {
        issued += 1;
        return { iceServers: [{ urls: [`turn:x?${issued}`], username: participantId }], lifetimeSeconds: 60 };
      },
    });
    const ana = await connect();
    const { self } = await ana.join('blue');
    expect(await ana.ask('ice-renew', {})).toEqual({
      ok: true,
      value: { iceServers: [{ urls: ['turn:x?2'], username: self.id }], lifetimeSeconds: 60 },
    });
  });
});
