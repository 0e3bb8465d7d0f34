import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { en } from '../locales/en.ts';
import { createTranslator } from '../locales/translator.ts';
import { createFakeRoom, fakeId } from '../testing/fake-room.ts';
import { admit, createFakeClient, emptySnapshot } from '../testing/fake-client.ts';
import { createFakeLocalMedia } from '../testing/fake-local-media.ts';
import { announceRoom, tellOfPeople } from './room-announcements.ts';
import { settleInMs } from './settle-in.ts';
import { createStay } from './stay.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ana = {
  id: fakeId('ana'),
  displayName: 'Ana',
  media: { audio: true, video: true, screen: false },
  joinedAtMs: 1,
  link: { kind: 'connecting' },
  tracks: { audio: null, camera: null, screen: null, screenAudio: null },
  quality: null,
} as const;

function listen() {
  const fake = createFakeRoom(emptySnapshot({ room: 'room', displayName: 'Me' }));
  const told: string[] = [];
  const stop = tellOfPeople(fake.room, (what, name) => told.push(`${name} ${what}`));
  const leave = (mayReturn: boolean): void =>
    fake.emit('participant-left', { id: ana.id, displayName: 'Ana', mayReturn });
  return { told, stop, leave, join: () => fake.emit('participant-joined', ana) };
}

describe('what is said of who comes and goes', () => {
  it('is that they did', () => {
    const { told, leave, join } = listen();
    join();
    leave(false);
    expect(told).toEqual(['Ana joined', 'Ana left']);
  });

  it('is nothing where they only reloaded the page', () => {
    const { told, leave, join } = listen();
    leave(true);
    vi.advanceTimersByTime(4_999);
    join();
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([]);
  });

  it('is that they left when no page follows, a moment later, and then that they joined when one does', () => {
    const { told, leave, join } = listen();
    leave(true);
    vi.advanceTimersByTime(5_000);
    expect(told).toEqual(['Ana left']);
    join();
    expect(told).toEqual(['Ana left', 'Ana joined']);
  });

  it('is nothing any more after the stay', () => {
    const { told, stop, leave } = listen();
    leave(true);
    stop();
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([]);
  });
});

describe('a call that begins before it is drawn', () => {
  function enter() {
    const fake = createFakeClient();
    const stay = createStay(fake.client, Date.now, () => false);
    const said: string[] = [];
    const stop = announceRoom({
      stay,
      words: signal(createTranslator('en', en)),
      announcer: {
        say: (text) => void said.push(text),
        tellOf: (what, name) => void said.push(`${name} ${what}`),
        tellOfLine: (line) => void said.push(line),
        clear: () => void said.push('(silence)'),
      },
    });
    onTestFinished(stop);
    const join = () => {
      stay.join({ room: 'standup', displayName: 'Me', media: createFakeLocalMedia() });
      const room = fake.rooms.at(-1);
      if (room === undefined) throw new Error('no room was joined');
      return room;
    };
    return { stay, said, join };
  }

  it('is told from its first moment, once, whoever comes or writes until it is drawn', () => {
    const { stay, said, join } = enter();
    const room = join();
    expect(said).toEqual([]);
    admit(room, { participants: [ana] });
    const ben = { ...ana, id: fakeId('ben'), displayName: 'Ben' };
    room.join(ben);
    room.say({ sequence: 1, authorId: ben.id, authorName: 'Ben', text: 'Good morning', sentAtMs: 1 });
    expect(stay.state.value.kind).toBe('joining');
    const first = ['You are in the call.', 'Ben joined', 'Ben: Good morning'];
    expect(said).toEqual(first);
    room.source.set({ state: { kind: 'reconnecting' } });
    vi.advanceTimersByTime(settleInMs);
    expect(stay.state.value.kind).toBe('inside');
    expect(said).toEqual(first);
    room.drop(ben.id);
    expect(said).toEqual([...first, 'Ben left']);
  });

  it('is told anew by who comes back, and nothing more is told of the call before', () => {
    const { stay, said, join } = enter();
    const before = join();
    admit(before);
    before.source.set({ state: { kind: 'left', reason: 'left' } });
    const room = join();
    before.join(ana);
    expect(said).toEqual(['You are in the call.', '(silence)']);
    admit(room);
    expect(said).toEqual(['You are in the call.', '(silence)', 'You are in the call.']);
    expect(stay.state.value.kind).toBe('inside');
  });
});
