import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeRoom, fakeId } from '../testing/fake-room.ts';
import { emptySnapshot } from '../testing/fake-client.ts';
import { tellOfPeople } from './room-announcements.ts';

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
