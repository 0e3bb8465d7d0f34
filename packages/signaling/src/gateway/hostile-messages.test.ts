import { limits, requests } from '@callbox/contract';
import { afterEach, describe, expect, it } from 'vitest';
import {
  media,
  startSignaling,
  type SignalingHarness,
  type TestClient,
} from '../testing/signaling-harness.ts';

/** A busy machine takes its time. */
const patient = { timeout: 15_000 };

let harness: SignalingHarness | null = null;
async function start(options?: Parameters<typeof startSignaling>[0]): Promise<SignalingHarness> {
  harness = await startSignaling(options);
  return harness;
}
afterEach(async () => {
  await harness?.stop();
  harness = null;
});

const refusal = (code: string): unknown => ({ code, message: expect.any(String) });
const refused = (code: string): unknown => ({ ok: false, error: refusal(code) });
const rebuild = { kind: 'rebuild', generation: 1 };

/** Two in a room; the second has heard nothing yet. */
async function pair({ connect }: SignalingHarness): Promise<readonly [TestClient, TestClient]> {
  const [ana, bo] = [await connect(), await connect()];
  await ana.join('blue', 'Ana');
  await bo.join('blue', 'Bo');
  return [ana, bo];
}

describe('a wrong message', () => {
  // The right message of each kind stands in the rooms' own tests; what a schema refuses, in the contract's.
  it.each<[string, unknown]>([
    ['room-join', { room: 7, displayName: '', media }],
    ['room-join', { room: 'blue', displayName: '', media: 'all' }],
    ['room-peek', {}],
    ['room-leave', null],
    ['participant-update', { media: { audio: 'yes' } }],
    ['peer-message-send', { to: { $ne: '' }, message: rebuild }],
    ['peer-message-send', { to: 'abc', message: { kind: 'description' } }],
    ['chat-send', { sequence: -1, text: 'x' }],
    ['ice-renew', 'now'],
  ])('of %s is answered with an error and heard by nobody', async (name, input) => {
    const [ana, bo] = await pair(await start());
    expect(await bo.askRaw(name, input)).toEqual(refused('bad-request'));
    expect(await bo.ask('chat-send', { sequence: 1, text: 'still here' })).toMatchObject({ ok: true });
    await ana.settle();
    expect(ana.heard.map(({ name }) => name)).toEqual(['participant-joined', 'chat']);
  });

  it('without an acknowledgement is answered by a notice; a right one is not', async () => {
    const [ana, bo] = await pair(await start());
    bo.socket.emit('chat-send', { sequence: 1 });
    bo.socket.emit('chat-send', { sequence: 1, text: 'right' });
    await bo.settle();
    expect(bo.heard).toEqual([{ name: 'refused', body: refusal('bad-request') }]);
    await ana.settle();
    expect(ana.heard.at(-1)).toMatchObject({ name: 'chat', body: { text: 'right' } });
  });

  it.each([
    ['no input', []],
    ['two inputs', [{ room: 'blue' }, { room: 'red' }]],
    ['a buffer', [Buffer.from('blue')]],
  ])('with %s is refused', async (_what, inputs) => {
    const ana = await (await start()).connect();
    expect(await ana.askRaw('room-peek', ...inputs)).toEqual(refused('bad-request'));
    expect(await ana.askRaw('room-peek', { room: 'blue' })).toMatchObject({ ok: true });
  });

  it.each([['__proto__'], ['constructor'], ['hasOwnProperty'], ['error'], ['message'], ['chat'], ['']])(
    'of the unknown name "%s" is refused',
    async (name) => {
      const ana = await (await start()).connect();
      expect(await ana.askRaw(name, {})).toEqual(refused('bad-request'));
      ana.socket.emit(name);
      await ana.settle();
      expect(ana.heard).toEqual([{ name: 'refused', body: refusal('bad-request') }]);
    },
  );

  it('is never a right one: every request of the contract is known', async () => {
    const ana = await (await start()).connect();
    for (const name of Object.keys(requests)) {
      const answer = await ana.askRaw(name, 'not an object');
      expect(answer).toMatchObject({ error: { message: expect.not.stringContaining('name') } });
    }
  });

  it('cannot reach the prototype of objects', async () => {
    const [ana, bo] = await pair(await start());
    const input: unknown = JSON.parse('{"displayName":"x","__proto__":{"polluted":true},"media":null}');
    expect(await bo.askRaw('participant-update', input)).toEqual(refused('bad-request'));
    const harmless: unknown = JSON.parse('{"displayName":"x","__proto__":{"polluted":true}}');
    expect(await bo.askRaw('participant-update', harmless)).toMatchObject({ ok: true });
    await ana.settle();
    expect(ana.heard.at(-1)).toMatchObject({ body: { displayName: 'x' } });
    expect('polluted' in {}).toBe(false);
  });

  it('that breaks the framing ends its own connection and no other', async () => {
    const [ana, bo] = await pair(await start());
    bo.socket.io.engine.write('2["unfinished');
    await expect.poll(() => ana.heard.at(-1)?.name).toBe('participant-left');
    expect(bo.socket.connected).toBe(false);
    await ana.settle();
    expect(ana.socket.connected).toBe(true);
  });
});

describe('a message that is too large', () => {
  const lineOf = (length: number) => ({ sequence: 1, text: 'x', padding: 'x'.repeat(length) });

  it.each([['websocket'], ['polling']])('ends its own %s connection and no other', async (transport) => {
    const { connect } = await start();
    const [ana, bo] = [await connect(), await connect({ transports: [transport] })];
    await ana.join('blue');
    await bo.join('blue');
    expect(await bo.askRaw('chat-send', lineOf(limits.messageBytes - 1_000))).toMatchObject({ ok: true });
    bo.socket.emit('chat-send', lineOf(limits.messageBytes + 1));
    await expect.poll(() => ana.heard.at(-1)?.name).toBe('participant-left');
    await expect.poll(() => bo.socket.connected).toBe(false);
    await ana.settle();
    expect(ana.socket.connected).toBe(true);
  });
});

describe('a flood', () => {
  // Small rooms have a small allowance: 900 messages at once, and twice that before the connection is closed.
  it('is refused, what came before it is not', async () => {
    const { connect } = await start({ maxParticipants: 2 });
    const ana = await connect();
    const peek = () => ana.askRaw('room-peek', { room: 'blue' });
    const some = await Promise.all(Array.from({ length: 800 }, peek));
    expect(some.every((answer) => (answer as { ok: boolean }).ok)).toBe(true);
    const more = await Promise.all(Array.from({ length: 400 }, peek));
    expect(more.at(-1)).toEqual(refused('rate-limited'));
  });

  it('that does not stop is cut off, and the others go on', async () => {
    const all = await start({ maxParticipants: 2 });
    const [ana, bo] = await pair(all);
    for (let count = 0; count < 2_500; count += 1) bo.socket.emit('ice-renew', {});
    await expect.poll(() => bo.socket.connected, patient).toBe(false);
    await expect.poll(() => ana.heard.at(-1)?.name, patient).toBe('participant-left');
    expect(await ana.ask('ice-renew', {})).toMatchObject({ ok: true });
    expect(all.log).toContainEqual({
      level: 'warn',
      message: 'connection closed by its guard',
      details: { reason: 'it sends too much' },
    });
  });

  it('is not what a full room does when everybody connects to everybody', async () => {
    const { connect } = await start();
    const clients: TestClient[] = [];
    for (let person = 0; person < 8; person += 1) {
      const newcomer = await connect();
      const { participants } = await newcomer.join('blue');
      clients.push(newcomer);
      for (const { id } of participants) {
        for (let count = 0; count < 60; count += 1) {
          newcomer.socket.emit('peer-message-send', {
            to: id,
            message: { kind: 'rebuild', generation: count },
          });
        }
      }
    }
    for (const client of clients) await client.settle();
    const heard = clients.flatMap((client) => client.heard.map(({ name }) => name));
    expect(heard.filter((name) => name === 'refused')).toEqual([]);
    expect(heard.filter((name) => name === 'peer-message')).toHaveLength(28 * 60);
  });
});

describe('a client that does not read', () => {
  it('is given up before it holds much memory', async () => {
    // A large room has a large allowance, so that one sender may fill what the other leaves unread.
    const all = await start({ maxParticipants: 100 });
    const [ana, bo] = [await all.connect(), await all.connect()];
    await ana.join('blue');
    const { self } = await bo.join('blue');
    const { transport } = bo.socket.io.engine as unknown as {
      transport: { ws: { _socket: { pause(): void; destroy(): void } } };
    };
    transport.ws._socket.pause();
    const mids = { audio: '0', camera: '1', screen: '2', screenAudio: '3' };
    const sdp = 'x'.repeat(limits.sdpLength);
    const message = { kind: 'description', generation: 0, type: 'offer', sdp, mids } as const;
    let sent = 0;
    while (ana.heard.at(-1)?.name !== 'participant-left' && sent < 500) {
      await ana.ask('peer-message-send', { to: self.id, message });
      sent += 1;
    }
    expect(ana.heard.at(-1)).toEqual({
      name: 'participant-left',
      body: { id: self.id, reason: 'disconnected' },
    });
    expect(all.log.filter(({ level }) => level === 'warn')).toEqual([
      { level: 'warn', message: 'connection closed by its guard', details: { reason: 'it does not read' } },
    ]);
    transport.ws._socket.destroy();
  });
});
