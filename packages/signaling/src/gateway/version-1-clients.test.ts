import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokenOf } from '../testing/desk-scene.ts';
import {
  media,
  startSignaling,
  type SignalingHarness,
  type TestClient,
} from '../testing/signaling-harness.ts';

interface Named {
  readonly name: string;
}
interface Recorded {
  readonly handshake: Record<string, unknown>;
  readonly requests: readonly (Named & { readonly body: unknown })[];
  readonly answers: readonly (Named & { readonly answer: unknown })[];
  readonly notices: readonly (Named & { readonly body: unknown })[];
}

// What a client and a server of version 1 said to each other. Never to be changed.
const recorded = JSON.parse(
  readFileSync(new URL('../../../contract/src/recorded/version-1.json', import.meta.url), 'utf8'),
) as Recorded;
/** Who sent which of the requests. */
const senders = ['ana', 'ana', 'bo', 'ana', 'ana', 'bo', 'ana', 'ana', 'bo', 'ana', 'bo', 'ana'] as const;
const recordedIds = { ana: 'WFbWG399swoxvD4yhkcLQA', bo: 'u4Exob8wDOFP4C151PJuMg' };
/** How many of the notices Ana heard; the others are Bo's. */
const noticesOfAna = 7;

let harness: SignalingHarness;
beforeEach(async () => {
  harness = await startSignaling();
});
afterEach(async () => {
  await harness.stop();
});

/** What was recorded, with the ids of today, and with anything of the same type where each run has its own. */
function today(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return ids.get(value) ?? value;
  if (Array.isArray(value)) return value.map((entry) => today(entry, ids));
  if (typeof value !== 'object' || value === null) return value;
  const own: Record<string, unknown> = {
    joinedAtMs: expect.any(Number),
    sentAtMs: expect.any(Number),
    instanceId: expect.any(String),
    urls: expect.any(Array),
  };
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, own[name] ?? today(entry, ids)]),
  );
}

describe('a client of version 1', () => {
  it('is answered and told as it was then, word for word but for what it ignores', async () => {
    const people: Record<'ana' | 'bo', TestClient> = {
      ana: await harness.connect({ auth: recorded.handshake }),
      bo: await harness.connect({ auth: recorded.handshake }),
    };
    const ids = new Map<string, string>();
    for (const [index, { name, body }] of recorded.requests.entries()) {
      const answer = recorded.answers[index]?.answer;
      const who = senders[index] ?? (name === 'room-leave' ? 'bo' : 'ana');
      if (index === senders.length) {
        harness.server.renewIceServers();
        people.ana.socket.emit('chat-send', {});
      }
      const said = await people[who].askRaw(name, today(body, ids));
      const self = (said as { value?: { self?: { id: string } } }).value?.self;
      if (self !== undefined) ids.set(recordedIds[who], self.id);
      expect(said, `${index} ${name}`).toMatchObject(today(answer, ids) as object);
      // So that both hear all things in the order of then.
      for (const client of Object.values(people)) await client.settle();
    }
    const notices = recorded.notices.map(({ name, body }) => ({ name, body: today(body, ids) }));
    expect(people.ana.heard).toMatchObject(notices.slice(0, noticesOfAna));
    expect(people.bo.heard).toMatchObject(notices.slice(noticesOfAna));
  });

  it('hears of one with a seat who reloads that they left and joined, with members that it knows', async () => {
    const old = await harness.connect({ auth: recorded.handshake });
    await old.join('room', 'Old');
    const seated = await harness.connect({ auth: { version: 1, upTo: 2 } });
    const seat = { token: tokenOf('seated'), connection: 1 };
    const joined = await seated.ask('room-join', { room: 'room', displayName: 'New', media, seat });
    if (!joined.ok) throw new Error(joined.error.message);
    await seated.ask('room-leave', { mayReturn: true });
    const next = { token: tokenOf('next'), connection: 1 };
    await seated.ask('room-join', {
      room: 'room',
      displayName: 'New',
      media,
      seat: next,
      replaces: seat.token,
    });
    const { id } = joined.value.self;
    await old.settle();
    expect(old.heard).toMatchObject([
      { name: 'participant-joined', body: { id, polite: true } },
      { name: 'participant-left', body: { id, reason: 'left' } },
      { name: 'participant-joined', body: { id, displayName: 'New', media, polite: true } },
    ]);
    // And sends to the page that is there.
    expect(
      await old.askRaw('peer-message-send', { to: id, message: { kind: 'rebuild', generation: 1 } }),
    ).toEqual({ ok: true, value: {} });
  });

  it('that names a seat without claiming one, or parts without having one, has just left', async () => {
    const old = await harness.connect({ auth: recorded.handshake });
    await old.join('room', 'Old');
    expect(await old.askRaw('room-leave', { mayReturn: true })).toEqual({ ok: true, value: {} });
    expect(harness.server.counts()).toEqual({ rooms: 0, participants: 0 });
  });
});
