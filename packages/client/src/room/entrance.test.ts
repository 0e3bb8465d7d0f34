import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeSignaling } from '../testing/fake-signaling.ts';
import { createJoinReply } from '../testing/join-reply.ts';
import { createEntrance } from './entrance.ts';
import { createSeatLine } from './seat-line.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const media = { audio: true, video: true, screen: false };
const request = { room: 'Room', displayName: 'Ana', media };

function createFixture() {
  const signaling = createFakeSignaling();
  const told = { onEntered: vi.fn(), onResumed: vi.fn(), onLost: vi.fn(), onRefused: vi.fn() };
  let tokens = 0;
  const line = createSeatLine(signaling.connection, () => `token ${(tokens += 1)}`);
  const entrance = createEntrance({
    connection: signaling.connection,
    line,
    createRequest: () => request,
    ...told,
  });
  return { signaling, entrance, ...told };
}

describe('the way in', () => {
  it('waits for the connection, then asks once', () => {
    const { signaling, entrance, onEntered } = createFixture();
    entrance.enter();
    expect(signaling.requests('room-join')).toEqual([]);
    signaling.open();
    expect(signaling.requests('room-join')).toMatchObject([request]);
    const reply = createJoinReply();
    signaling.answer('room-join', reply);
    expect(onEntered).toHaveBeenCalledExactlyOnceWith(reply, request);
  });

  it('asks at once where the connection is open already', () => {
    const { signaling, entrance } = createFixture();
    signaling.open();
    entrance.enter();
    expect(signaling.waiting('room-join')).toBe(1);
  });

  it('ends with the refusal of the server', () => {
    const { signaling, entrance, onRefused } = createFixture();
    signaling.open();
    entrance.enter();
    signaling.refuse('room-join', 'room-full');
    expect(onRefused).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'room-full' }));
    signaling.lose();
    signaling.open();
    expect(signaling.requests('room-join')).toHaveLength(1);
  });

  it('ends when the server refuses the connection itself', () => {
    const { signaling, entrance, onRefused } = createFixture();
    entrance.enter();
    signaling.emit('refused', { code: 'version-unsupported', message: 'too old' });
    expect(onRefused).toHaveBeenCalledWith(expect.objectContaining({ code: 'version-unsupported' }));
  });

  it('is given up after 15 s without a connection', () => {
    const { entrance, onRefused } = createFixture();
    entrance.enter();
    vi.advanceTimersByTime(14_999);
    expect(onRefused).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onRefused).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'internal' }));
  });

  it('asks again when the connection was lost before the answer', () => {
    const { signaling, entrance, onEntered, onRefused } = createFixture();
    signaling.open();
    entrance.enter();
    signaling.lose();
    signaling.open();
    signaling.answer('room-join', createJoinReply());
    expect(onEntered).toHaveBeenCalledTimes(1);
    expect(onRefused).not.toHaveBeenCalled();
  });
});

describe('the way back', () => {
  function enterAndLose() {
    const fixture = createFixture();
    fixture.signaling.open();
    fixture.entrance.enter();
    fixture.signaling.answer('room-join', createJoinReply());
    fixture.signaling.lose();
    return fixture;
  }

  it('is told of, and taken as soon as the connection is back, however long that lasts', () => {
    const { signaling, onLost, onEntered, onRefused } = enterAndLose();
    expect(onLost).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(3_600_000);
    expect(onRefused).not.toHaveBeenCalled();
    signaling.open();
    signaling.answer('room-join', createJoinReply());
    expect(onEntered).toHaveBeenCalledTimes(2);
  });

  it.each(['room-full', 'rate-limited', 'internal'] as const)(
    'asks again after %s, which may pass',
    (code) => {
      const { signaling, onEntered, onRefused } = enterAndLose();
      signaling.open();
      signaling.refuse('room-join', code);
      vi.advanceTimersByTime(2_000);
      signaling.answer('room-join', createJoinReply());
      expect(onEntered).toHaveBeenCalledTimes(2);
      expect(onRefused).not.toHaveBeenCalled();
    },
  );

  it('ends when such a refusal does not pass in 30 s', () => {
    const { signaling, onRefused } = enterAndLose();
    signaling.open();
    for (let count = 0; count < 15; count += 1) {
      signaling.refuse('room-join', 'room-full');
      vi.advanceTimersByTime(2_000);
    }
    expect(onRefused).not.toHaveBeenCalled();
    signaling.refuse('room-join', 'room-full');
    expect(onRefused).toHaveBeenCalledTimes(1);
  });

  it('ends at once with a refusal that will not pass', () => {
    const { signaling, onRefused } = enterAndLose();
    signaling.open();
    signaling.refuse('room-join', 'room-name-invalid');
    expect(onRefused).toHaveBeenCalledTimes(1);
  });
});

describe('leaving', () => {
  it('tells the server, also while the answer is on its way, and hears nothing more', () => {
    const { signaling, entrance, onEntered } = createFixture();
    signaling.open();
    entrance.enter();
    entrance.leave();
    expect(signaling.requests('room-leave')).toHaveLength(1);
    signaling.answer('room-join', createJoinReply());
    expect(onEntered).not.toHaveBeenCalled();
    signaling.lose();
    signaling.open();
    expect(signaling.requests('room-join')).toHaveLength(1);
  });

  it('says nothing to a server that never let us in', () => {
    const { signaling, entrance, onRefused } = createFixture();
    entrance.enter();
    entrance.leave();
    vi.advanceTimersByTime(60_000);
    expect(signaling.requests('room-leave')).toEqual([]);
    expect(onRefused).not.toHaveBeenCalled();
  });
});

describe('the way back into a seat', () => {
  const seat = { requestsUpTo: 0, noticesUpTo: 3, graceSeconds: 15 };

  function createSeated() {
    const fixture = createFixture();
    fixture.signaling.open();
    fixture.entrance.enter();
    fixture.signaling.answer('room-join', createJoinReply({ seat, roomId: 'life' }));
    fixture.signaling.lose();
    fixture.signaling.open();
    return fixture;
  }

  it('asks for the seat, and has it as if nothing had happened', () => {
    const { signaling, onEntered, onResumed, onLost } = createSeated();
    const { room, self, ice, maxParticipants, instanceId } = createJoinReply();
    const reply = { room, self, ice, maxParticipants, instanceId, roomId: 'life', seat };
    signaling.answer('room-resume', reply);
    expect(onLost).toHaveBeenCalledTimes(1);
    expect(onResumed).toHaveBeenCalledExactlyOnceWith(reply);
    expect(onEntered).toHaveBeenCalledTimes(1);
    expect(signaling.requests('room-join')).toHaveLength(1);
  });

  it('asks again when the answer was lost with the connection', () => {
    const { signaling } = createSeated();
    signaling.lose();
    signaling.open();
    expect(signaling.requests('room-resume').map(({ seat: { connection } }) => connection)).toEqual([2, 3]);
  });

  it('goes in anew when the seat is not there any more', () => {
    const { signaling, onEntered, onRefused } = createSeated();
    signaling.refuse('room-resume', 'resume-refused');
    signaling.answer('room-join', createJoinReply({ seat, roomId: 'another life' }));
    expect(signaling.requests('room-join')[1]).toMatchObject({
      seat: { token: 'token 2', connection: 1 },
      replaces: 'token 1',
    });
    expect(onEntered).toHaveBeenCalledTimes(2);
    expect(onRefused).not.toHaveBeenCalled();
  });

  it('stays outside after having been removed', () => {
    const { signaling, onRefused } = createSeated();
    signaling.refuse('room-resume', 'resume-refused', 'removed');
    expect(onRefused).toHaveBeenCalledTimes(1);
    expect(signaling.requests('room-join')).toHaveLength(1);
  });

  it('ends when another page has the seat', () => {
    const { signaling, onRefused } = createSeated();
    signaling.notify('seat-taken', {});
    expect(onRefused).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ reason: 'outdated' }));
    signaling.lose();
    signaling.open();
    expect(signaling.requests('room-resume')).toHaveLength(1);
  });
});
