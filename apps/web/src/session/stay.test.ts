import { describe, expect, it } from 'vitest';
import { admit, createFakeClient } from '../testing/fake-client.ts';
import { createFakeLocalMedia } from '../testing/fake-local-media.ts';
import { createStay } from './stay.ts';

function setUp() {
  let nowMs = 1_000;
  const fake = createFakeClient();
  const stay = createStay(fake.client, () => nowMs);
  const join = () => {
    stay.join({ room: 'standup', displayName: 'Ana', media: createFakeLocalMedia() });
    const room = fake.rooms.at(-1);
    if (room === undefined) throw new Error('no room was joined');
    return room;
  };
  return {
    stay,
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
