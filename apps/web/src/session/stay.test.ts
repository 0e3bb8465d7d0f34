import type { RemoteParticipantSnapshot, RoomSnapshot } from '@callbox/client';
import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { admit, createFakeClient } from '../testing/fake-client.ts';
import { createFakeLocalMedia } from '../testing/fake-local-media.ts';
import { fakeId } from '../testing/fake-room.ts';
import { settleInMs } from './settle-in.ts';
import { createStay } from './stay.ts';

function setUp() {
  let nowMs = 1_000;
  const fake = createFakeClient();
  const hasPicture = signal(false);
  const stay = createStay(
    fake.client,
    () => nowMs,
    () => hasPicture.value,
  );
  const join = (sinceMs?: number) => {
    stay.join({ room: 'standup', displayName: 'Ana', media: createFakeLocalMedia() }, sinceMs);
    const room = fake.rooms.at(-1);
    if (room === undefined) throw new Error('no room was joined');
    return room;
  };
  return {
    stay,
    hasPicture,
    join,
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
}

const full = { code: 'room-full', message: '', maxParticipants: 8 } as const;

describe('createStay', () => {
  it('goes from the door through joining into the room, and counts the time from there', () => {
    const { stay, join, advance } = setUp();
    expect(stay.state.value.kind).toBe('outside');
    const room = join();
    expect(stay.state.value.kind).toBe('joining');
    advance(500);
    admit(room);
    expect(stay.state.value).toMatchObject({ kind: 'inside', sinceMs: 1_500 });
  });

  it('stands at the door again with the reason when it is refused', () => {
    const { stay, join } = setUp();
    join().source.set({ state: { kind: 'refused', refusal: full } });
    expect(stay.state.value).toEqual({ kind: 'outside', refusal: full });
  });

  it('stays inside while the server is away, and keeps the time from the first entry', () => {
    const { stay, join, advance } = setUp();
    const room = join();
    admit(room);
    const before = stay.state.value;
    advance(60_000);
    room.source.set({ state: { kind: 'reconnecting' } });
    expect(stay.state.value).toBe(before);
    room.source.set({ state: { kind: 'joined' } });
    expect(stay.state.value).toBe(before);
  });

  it('ends with the length of the stay when the person leaves', () => {
    const { stay, join, advance } = setUp();
    admit(join());
    advance(90_000);
    stay.leave();
    expect(stay.state.value).toEqual({ kind: 'ended', durationMs: 90_000, refusal: null });
  });

  it('ends with the reason when there is no way back in', () => {
    const { stay, join, advance } = setUp();
    const room = join();
    admit(room);
    advance(1_000);
    room.source.set({ state: { kind: 'refused', refusal: full } });
    expect(stay.state.value).toEqual({ kind: 'ended', durationMs: 1_000, refusal: full });
  });

  it('remembers the stay before while the person comes back', () => {
    const { stay, join, advance } = setUp();
    admit(join());
    advance(5_000);
    stay.leave();
    const ended = stay.state.value;
    const room = join();
    expect(stay.state.value).toMatchObject({ kind: 'joining', after: ended });
    admit(room);
    expect(stay.state.value).toMatchObject({ kind: 'inside', sinceMs: 6_000 });
  });

  it('goes on with the time of the stay before a reload', () => {
    const { stay, join, advance } = setUp();
    const room = join(-59_000);
    expect(stay.state.value.kind).toBe('joining');
    admit(room);
    expect(stay.state.value).toMatchObject({ kind: 'inside', sinceMs: -59_000 });
    advance(1_000);
    stay.leave();
    expect(stay.state.value).toEqual({ kind: 'ended', durationMs: 61_000, refusal: null });
  });

  it('is back at the door when the person leaves while joining', () => {
    const { stay, join } = setUp();
    join();
    stay.leave();
    expect(stay.state.value).toEqual({ kind: 'outside', refusal: null });
  });

  it('hears nothing of an earlier room once another is joined', () => {
    const { stay, join } = setUp();
    const first = join();
    const second = join();
    first.source.set({ state: { kind: 'refused', refusal: full } });
    expect(stay.state.value).toMatchObject({ kind: 'joining', room: second.room });
  });

  it('leaves the room when it is reset', () => {
    const { stay, join } = setUp();
    const room = join();
    admit(room);
    stay.reset();
    expect(room.room.snapshot.state.kind).toBe('left');
    expect(stay.state.value).toEqual({ kind: 'outside', refusal: null });
  });
});

describe('somebody who settles in', () => {
  const ben: RemoteParticipantSnapshot = {
    id: fakeId('ben'),
    displayName: 'Ben',
    media: { audio: true, video: true, screen: false },
    joinedAtMs: 0,
    link: { kind: 'connecting' },
    tracks: { audio: null, camera: null, screen: null, screenAudio: null },
    quality: null,
  };
  const names = (room: RoomSnapshot | null) => room?.participants.map(({ displayName }) => displayName);

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('is known at once, and shown with the first picture', () => {
    const { stay, join, hasPicture } = setUp();
    const room = join();
    admit(room, { participants: [ben] });
    expect(names(stay.known.value)).toEqual(['Ben']);
    expect(stay.state.value.kind).toBe('joining');
    expect(stay.settling.value).toBe(true);
    const track = {} as MediaStreamTrack;
    room.source.set({ participants: [{ ...ben, tracks: { ...ben.tracks, camera: track } }] });
    expect(stay.state.value.kind).toBe('joining');
    hasPicture.value = true;
    expect(stay.settling.value).toBe(false);
    expect(stay.state.value.kind).toBe('inside');
    expect(names(stay.room.value)).toEqual(['Ben']);
  });

  it('is shown without, when that takes longer, and holds up nothing that happens later', () => {
    const { stay, join } = setUp();
    const room = join();
    admit(room, { participants: [ben] });
    vi.advanceTimersByTime(settleInMs - 1);
    expect(stay.state.value.kind).toBe('joining');
    expect(stay.settling.value).toBe(true);
    vi.advanceTimersByTime(1);
    expect(stay.settling.value).toBe(false);
    expect(stay.state.value.kind).toBe('inside');
    room.source.set({ participants: [{ ...ben, displayName: 'Benno' }] });
    expect(names(stay.room.value)).toEqual(['Benno']);
  });

  it('is waited for anew after one who was shown', () => {
    const { stay, join } = setUp();
    const room = join();
    admit(room, { participants: [ben] });
    vi.advanceTimersByTime(settleInMs);
    room.source.set({ participants: [] });
    expect(names(stay.room.value)).toEqual([]);
    room.source.set({ participants: [ben] });
    expect(names(stay.room.value)).toEqual([]);
    vi.advanceTimersByTime(settleInMs);
    expect(names(stay.room.value)).toEqual(['Ben']);
  });

  it('does not keep anybody from leaving', () => {
    const { stay, join } = setUp();
    const room = join();
    admit(room, { participants: [ben] });
    room.source.set({ state: { kind: 'left', reason: 'left' }, participants: [] });
    expect(stay.state.value).toEqual({ kind: 'outside', refusal: null });
    expect(stay.settling.value).toBe(false);
  });
});
