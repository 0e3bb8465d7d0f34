import type { Answer, ParticipantId, RemoteParticipant } from '@callbox/contract';
import type { Session } from '@callbox/signaling';
import { describe, expect, it, vi } from 'vitest';
import { createOldClient, type OldClient } from './old-client.ts';

const id = 'olaf' as ParticipantId;
const nea: RemoteParticipant = {
  id: 'nea' as ParticipantId,
  displayName: 'Nea',
  media: { audio: true, video: true, screen: false },
  joinedAtMs: 1,
  polite: true,
};
const ice = { iceServers: [{ urls: ['turn:h:1'], username: 'u', credential: 'c' }], lifetimeSeconds: 60 };

type Reply = (answer: Answer<unknown>) => void;
const peeked = (names: string[]): Answer<unknown> => ({
  ok: true,
  value: { room: 'demo', displayNames: names, maxParticipants: 2 },
});
const joined = (participants: RemoteParticipant[]): Answer<unknown> => ({
  ok: true,
  value: {
    room: 'demo',
    self: { ...nea, id },
    participants,
    chat: [],
    ice,
    maxParticipants: 2,
    instanceId: 'i',
  },
});

/** A client whose server answers as the test says, when it says so. */
function create(oldPages: readonly string[] = []) {
  const asked: { name: unknown; input: unknown; reply: Reply }[] = [];
  const told: unknown[][] = [];
  const counted: string[] = [];
  const errors: unknown[] = [];
  const end = vi.fn<Session['end']>();
  const session: Session = {
    request: (name, input, reply) => void asked.push({ name, input, reply }),
    end,
  };
  const client: OldClient = createOldClient({
    id,
    session,
    emit: (name, body) => void told.push([name, body]),
    findOld: (other) => (oldPages.includes(other) ? client : undefined),
    count: (what) => void counted.push(what),
    later: (act) => act(),
    now: () => 0,
    logger: { error: (...all) => void errors.push(all), warn() {}, info() {}, debug() {} },
  });
  const acknowledge = (...result: unknown[]) => void told.push(['ack', ...result]);
  async function answer(answered: Answer<unknown>): Promise<unknown> {
    const next = await vi.waitFor(() => asked.shift() ?? Promise.reject(new Error('nothing is asked')));
    next.reply(answered);
    return next.name;
  }
  return { client, end, asked, told, counted, errors, acknowledge, answer };
}

describe('an old client', () => {
  it('is told who is there before it hears that one of them has left', async () => {
    const { client, told, acknowledge, answer, asked } = create();
    void client.handleEvent('join', ['demo', acknowledge]);
    await answer(peeked([]));
    const { reply } = await vi.waitFor(() => asked.shift() ?? Promise.reject(new Error('nothing is asked')));
    // The answer and the notice come in one turn.
    reply(joined([nea]));
    client.handleNotice({ name: 'participant-left', body: { id: nea.id, reason: 'left' } });
    expect(told.map(([name]) => name)).toEqual(['stunservers', 'turnservers', 'remove', 'ack', 'remove']);
    expect(told[3]).toEqual([
      'ack',
      null,
      { clients: { nea: { screen: false, video: true, audio: false } } },
    ]);
    expect(told[4]).toEqual(['remove', { id: 'nea' }]);
  });

  it('lets go of those of ours that it may have met before, and of no old page', async () => {
    const old = { ...nea, id: 'otto' as ParticipantId };
    const { told, acknowledge, answer, client } = create([old.id]);
    void client.handleEvent('join', ['demo', acknowledge]);
    await answer(peeked([]));
    await answer(joined([nea, old]));
    await vi.waitFor(() => expect(told.at(-1)?.[0]).toBe('ack'));
    expect(told.filter(([name]) => name === 'remove')).toEqual([['remove', { id: nea.id }]]);
  });

  it('deals with its events one after the other, however long the server takes', async () => {
    const { client, told, acknowledge, answer } = create();
    void client.handleEvent('join', ['demo', acknowledge]);
    void client.handleEvent('leave', []);
    const asked = [await answer(peeked([])), await answer(joined([])), await answer({ ok: true, value: {} })];
    expect(asked).toEqual(['room-peek', 'room-join', 'room-leave']);
    await vi.waitFor(() => expect(told.at(-1)).toEqual(['remove', { id }]));
    expect(client.room()).toBeNull();
  });

  it('gives a room back that somebody else made at the same moment', async () => {
    const { client, told, acknowledge, answer } = create();
    const done = client.handleEvent('create', ['demo', acknowledge]);
    await answer(peeked([]));
    await answer(peeked([]));
    await answer(joined([nea]));
    expect(await answer({ ok: true, value: {} })).toBe('room-leave');
    await done;
    expect(told.filter(([name]) => name === 'ack')).toEqual([['ack', 'taken']]);
    expect(client.room()).toBeNull();
  });

  it.each([
    ['room-full', 'full'],
    ['room-locked', 'room-locked'],
    ['removed', 'removed'],
  ])('is told why it may not come in: %s', async (code, error) => {
    const { client, told, acknowledge, answer } = create();
    void client.handleEvent('join', ['demo', acknowledge]);
    await answer(peeked([]));
    await answer({ ok: false, error: { code: code as 'room-full', message: '' } });
    expect(told).toEqual([['ack', error]]);
    expect(client.room()).toBeNull();
  });

  it('goes on after an event that failed', async () => {
    const { client, told, errors, acknowledge, answer } = create();
    void client.handleEvent('join', ['demo', acknowledge]);
    await answer({ ok: true, value: 'nonsense' });
    void client.handleEvent('join', ['demo', acknowledge]);
    await answer(peeked([]));
    await answer(joined([]));
    expect(errors).toHaveLength(1);
    expect(told.at(-1)).toEqual(['ack', null, { clients: {} }]);
  });

  it('does nothing more once its connection is over', async () => {
    const { client, end, told, asked, acknowledge } = create();
    client.end();
    await client.handleEvent('join', ['demo', acknowledge]);
    client.handleNotice({ name: 'ice-servers', body: ice });
    client.deliver({ to: id });
    expect(end).toHaveBeenCalledWith('disconnected');
    expect([told, asked]).toEqual([[], []]);
  });
});
