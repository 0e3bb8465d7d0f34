import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSeatedClient, type SeatedClient } from './seated-client.ts';
import {
  createSignalingClient,
  freshRoom,
  media,
  opened,
  type LooseAnswer,
  type SignalingClient,
} from './signaling-client.ts';
import { openSignalingTarget, type SignalingTarget } from './signaling-target.ts';

let target: SignalingTarget;
const leftovers: (() => void)[] = [];
beforeAll(async () => {
  target = await openSignalingTarget();
});
afterEach(() => {
  for (const close of leftovers.splice(0)) close();
});
afterAll(async () => {
  await target.close();
});

function seated(room: string, name: string): SeatedClient {
  const client = createSeatedClient(() => target.url, room, name);
  leftovers.push(() => client.close());
  return client;
}

async function stranger(): Promise<SignalingClient> {
  const client = createSignalingClient(target.url, { auth: { version: 2 } });
  leftovers.push(() => void client.socket.disconnect());
  await opened(client.socket);
  return client;
}

/** Two with seats in a room of their own. */
async function pair() {
  const room = freshRoom();
  const [ana, bo] = [seated(room, 'Ana'), seated(room, 'Bo')];
  const anaIn = await ana.join();
  const boIn = await bo.join();
  return { room, ana, bo, anaId: idOf(anaIn), boId: idOf(boIn), graceSeconds: graceOf(anaIn) };
}

const idOf = ({ value }: LooseAnswer): string => (value['self'] as { id: string }).id;
const graceOf = ({ value }: LooseAnswer): number => (value['seat'] as { graceSeconds: number }).graceSeconds;
const refusedResume = (reason: string): unknown => ({
  ok: false,
  error: { code: 'resume-refused', reason, message: expect.any(String) },
});
const refused = (code: string): unknown => ({ ok: false, error: expect.objectContaining({ code }) });

function farewell(body: string, method = 'POST'): Promise<Response> {
  return fetch(`${target.url}/signaling/leave`, { method, ...(method === 'POST' ? { body } : {}) });
}

describe('a connection that breaks', () => {
  it('costs neither the seat nor a message, and nobody hears of it', async () => {
    const { ana, bo, anaId, boId } = await pair();
    bo.say('before');
    await expect.poll(() => ana.chat()).toEqual(['before']);
    bo.cut();
    ana.say('while away');
    for (let index = 0; index < 20; index += 1) {
      ana.send('peer-message-send', { to: boId, message: { kind: 'rebuild', generation: index } });
    }
    bo.say('not sent yet');
    expect(idOf(await bo.comeBack())).toBe(boId);
    const all = ['before', 'while away', 'not sent yet'];
    await expect.poll(() => [ana.chat(), bo.chat()]).toEqual([all, all]);
    expect(bo.heard('peer-message')).toEqual(
      Array.from({ length: 20 }, (_unused, generation) => ({
        from: anaId,
        message: { kind: 'rebuild', generation },
      })),
    );
    expect([...ana.heard('participant-left'), ...ana.heard('participant-reconnecting')]).toEqual([]);
    expect(ana.heard('participant-joined')).toHaveLength(1);
  });

  it('may break in the middle of everything, again and again', async () => {
    const { ana, bo } = await pair();
    const said: string[] = [];
    for (let round = 0; round < 10; round += 1) {
      for (const client of [ana, bo]) {
        const text = `${client === ana ? 'ana' : 'bo'} ${round}`;
        said.push(text);
        client.say(text);
      }
      if (round % 2 === 0) bo.cut();
      expect(await bo.comeBack()).toMatchObject({ ok: true });
    }
    await expect.poll(() => ana.chat().length, { timeout: 10_000 }).toBe(said.length);
    await expect.poll(() => bo.chat()).toEqual(ana.chat());
    expect([...ana.chat()].sort()).toEqual(said.sort());
  });

  it('is waited for as long as the server says, and no longer', async () => {
    const { ana, bo, boId, graceSeconds } = await pair();
    bo.cut();
    await expect
      .poll(() => ana.heard('participant-left'), { timeout: (graceSeconds + 20) * 1_000 })
      .toEqual([{ id: boId, reason: 'disconnected' }]);
    expect(await bo.comeBack()).toEqual(refusedResume('gone'));
  }, 60_000);
});

describe('a page that goes away', () => {
  it('is gone at once by a last word without a connection', async () => {
    const { ana, bo, boId, room } = await pair();
    bo.cut();
    const answer = await farewell(JSON.stringify({ room, token: bo.token }));
    expect(answer.status).toBe(204);
    await expect.poll(() => ana.heard('participant-left')).toEqual([{ id: boId, reason: 'left' }]);
  });

  it.each([
    ['nothing', '', 400],
    ['no JSON', '{', 400],
    ['no token', '{"room":"blue"}', 400],
    [
      'a return that is neither true nor false',
      `{"room":"blue","token":"${'x'.repeat(43)}","mayReturn":1}`,
      400,
    ],
    ['a token of another length', '{"room":"blue","token":"abc"}', 400],
    ['a prototype', '{"__proto__":{"room":"blue","token":"x"}}', 400],
    ['a room that cannot be', `{"room":"../","token":"${'x'.repeat(43)}"}`, 204],
    ['a token of nobody', `{"room":"blue","token":"${'x'.repeat(43)}"}`, 204],
    ['too much', `{"room":"${'x'.repeat(2_000)}"}`, 413],
  ])('may say %s and hears of it, which is all', async (_what, body, status) => {
    const { ana } = await pair();
    expect((await farewell(body)).status).toBe(status);
    expect(ana.heard('participant-left')).toEqual([]);
  });

  it('has to POST', async () => {
    expect((await farewell('', 'GET')).status).toBe(405);
  });
});

describe('a page that is reloaded', () => {
  it('leaves at once, and is followed by one that is the same participant, who hears all there was', async () => {
    const { ana, bo, boId, room } = await pair();
    bo.say('mine');
    await expect.poll(() => ana.chat()).toEqual(['mine']);
    bo.cut();
    const word = JSON.stringify({ room, token: bo.token, mayReturn: true });
    expect((await farewell(word)).status).toBe(204);
    await expect
      .poll(() => ana.heard('participant-left'))
      .toEqual([{ id: boId, reason: 'left', mayReturn: true }]);
    ana.say('to nobody');
    await expect.poll(() => ana.chat()).toEqual(['mine', 'to nobody']);
    const next = seated(room, 'Bo');
    const answer = await next.join({ replaces: bo.token });
    expect(answer.value).toMatchObject({
      self: { id: boId },
      chat: [{ authorId: boId, text: 'mine' }, { text: 'to nobody' }],
      seat: { chatUpTo: 1 },
      participants: [{ displayName: 'Ana', polite: false }],
    });
    await expect
      .poll(() => ana.heard('participant-joined'))
      .toMatchObject([{ id: boId }, { id: boId, polite: true }]);
    // The last word, heard once more and late, is of a page that is no more.
    expect((await farewell(word)).status).toBe(204);
    expect(await bo.comeBack()).toEqual(refusedResume('gone'));
    next.send('chat-send', { sequence: 2, text: 'still here' });
    await expect.poll(() => ana.chat().at(-1)).toBe('still here');
    expect(ana.heard('participant-left')).toHaveLength(1);
  });

  it('by one who is alone finds the room and its chat as they were', async () => {
    const room = freshRoom();
    const page = seated(room, 'Ana');
    const before = await page.join();
    page.say('to myself');
    await expect.poll(() => page.chat()).toEqual(['to myself']);
    await page.plain().ask('room-leave', { mayReturn: true });
    const after = await seated(room, 'Ana').join({ replaces: page.token });
    expect([after.value['roomId'], idOf(after)]).toEqual([before.value['roomId'], idOf(before)]);
    expect(after.value['chat']).toMatchObject([{ text: 'to myself' }]);
  });
});

describe('two connections of one seat', () => {
  it('do not fight: the later one has it, the other is told and closed', async () => {
    const { ana, bo } = await pair();
    const first = bo.plain();
    await bo.comeBack();
    await expect.poll(() => first.socket.connected).toBe(false);
    expect(first.heard.at(-1)).toEqual({ name: 'seat-taken', body: {} });
    bo.say('still me');
    await expect.poll(() => ana.chat()).toEqual(['still me']);
    expect(ana.heard('participant-left')).toEqual([]);
  });
});

describe('a hostile client', () => {
  const token = (): string => randomBytes(32).toString('base64url');

  /** What the two see, and that both can still speak: it must be the same whatever a third does. */
  async function expectUnharmed({ ana, bo }: Awaited<ReturnType<typeof pair>>): Promise<void> {
    ana.say('ana is here');
    bo.say('bo is here');
    for (const client of [ana, bo]) {
      await expect.poll(() => client.chat().length).toBe(2);
      expect([...client.chat()].sort()).toEqual(['ana is here', 'bo is here']);
      for (const name of [
        'participant-left',
        'participant-updated',
        'peer-message',
        'seat-taken',
        'refused',
      ]) {
        expect(client.heard(name)).toEqual([]);
      }
    }
  }

  it.each<[string, unknown, unknown]>([
    [
      'a token of nobody',
      { seat: { token: token(), connection: 9 }, receivedUpTo: 0 },
      refusedResume('unknown'),
    ],
    ['a short token', { seat: { token: 'abc', connection: 1 }, receivedUpTo: 0 }, refused('bad-request')],
    [
      'a huge token',
      { seat: { token: 'x'.repeat(200_000), connection: 1 }, receivedUpTo: 0 },
      refused('bad-request'),
    ],
    [
      'a token that is a list',
      { seat: { token: [token()], connection: 1 }, receivedUpTo: 0 },
      refused('bad-request'),
    ],
    ['no connection', { seat: { token: token() }, receivedUpTo: 0 }, refused('bad-request')],
    [
      'a connection beyond counting',
      { seat: { token: token(), connection: 1e300 }, receivedUpTo: 0 },
      refused('bad-request'),
    ],
    [
      'a negative notice',
      { seat: { token: token(), connection: 1 }, receivedUpTo: -1 },
      refused('bad-request'),
    ],
    ['the prototype for a seat', { seat: '__proto__', receivedUpTo: 0 }, refused('bad-request')],
  ])('resumes with %s and is refused', async (_what, claim, answer) => {
    const all = await pair();
    const mallory = await stranger();
    expect(await mallory.ask('room-resume', { room: all.room, ...(claim as object) })).toEqual(answer);
    await expectUnharmed(all);
  });

  it('repeats the words by which another came in and came back, and takes nothing', async () => {
    const all = await pair();
    const { room, bo } = all;
    bo.cut();
    await bo.comeBack();
    const mallory = await stranger();
    const [seat, receivedUpTo] = [{ token: bo.token, connection: bo.connection() }, bo.receivedUpTo()];
    expect(await mallory.ask('room-resume', { room, seat, receivedUpTo })).toEqual(refusedResume('outdated'));
    expect(await mallory.ask('room-join', { room, displayName: '', media, seat })).toEqual(
      refusedResume('outdated'),
    );
    await expectUnharmed(all);
  });

  it('numbers what it sends as it likes, with and without a seat, and harms itself alone', async () => {
    const all = await pair();
    const [plain, mine] = [await stranger(), await stranger()];
    const red = freshRoom();
    await plain.join(red);
    const seat = { token: token(), connection: 1 };
    expect(await mine.ask('room-join', { room: red, displayName: '', media, seat })).toMatchObject({
      ok: true,
    });
    const line = { sequence: 1, text: 'x' };
    for (const numbering of [
      {},
      [],
      7,
      null,
      { number: 0 },
      { number: -1 },
      { number: 0.5 },
      { number: 2 ** 60 },
      { receivedUpTo: '1' },
      { number: 3 },
    ]) {
      expect(await mine.ask('chat-send', line, numbering)).toEqual(refused('bad-request'));
    }
    expect(await plain.ask('chat-send', line, { number: 1 })).toEqual(refused('bad-request'));
    expect(await mine.ask('probe', { receivedUpTo: Number.MAX_SAFE_INTEGER })).toMatchObject({ ok: true });
    expect(await mine.ask('room-peek', { room: red }, { number: 1, receivedUpTo: 1 }, {})).toEqual(
      refused('bad-request'),
    );
    mine.socket.emit('__proto__', { text: 'x' }, { number: 1 });
    await expect
      .poll(() => mine.heard.at(-1))
      .toMatchObject({ name: 'answer', body: { request: 1, answer: { ok: false } } });
    await expectUnharmed(all);
  });

  it('forges the id of another, which the server alone gives', async () => {
    const all = await pair();
    const mallory = await stranger();
    await mallory.join(freshRoom());
    const message = { kind: 'rebuild', generation: 1 };
    for (const to of [all.anaId, all.boId, '__proto__', 'constructor']) {
      expect(await mallory.ask('peer-message-send', { to, from: all.boId, message })).toEqual(
        refused('unknown-participant'),
      );
    }
    await mallory.ask('participant-update', { id: all.anaId, displayName: 'Mallory' });
    await expectUnharmed(all);
  });

  it('tries tokens by the thousand, and is told to wait, then sent away', async () => {
    const all = await pair();
    const mallory = await stranger();
    const answers: LooseAnswer[] = [];
    for (let index = 0; index < 6_000; index += 1) {
      const request = { room: all.room, seat: { token: token(), connection: 1 }, receivedUpTo: 0 };
      mallory.socket.emit('room-resume', request, (answer: LooseAnswer) => void answers.push(answer));
    }
    await expect.poll(() => mallory.socket.connected, { timeout: 20_000 }).toBe(false);
    const codes = new Set(answers.map(({ error }) => String(error['code'])));
    expect([...codes].sort()).toEqual(['rate-limited', 'resume-refused']);
    await expectUnharmed(all);
  });
});
