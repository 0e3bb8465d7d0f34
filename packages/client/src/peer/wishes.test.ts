import type { PeerMessage } from '@callbox/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { participantId } from '../testing/participant-id.ts';
import { createWishes } from './wishes.ts';

const ana = participantId('ana');
const ben = participantId('ben');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function createFixture() {
  const sent: [string, PeerMessage][] = [];
  const state = { canSend: true };
  const wishes = createWishes({
    send: (to, message) => void sent.push([to, message]),
    canSend: () => state.canSend,
  });
  const want = (camera: number, screen = 0) => ({ kind: 'want', camera, screen });
  return { sent, state, wishes, want };
}

describe('wishes', () => {
  it('are told a moment later, the last of several, in sizes that do not change with each pixel', () => {
    const { sent, wishes, want } = createFixture();
    wishes.set(ana, { camera: 100, screen: 0 });
    wishes.set(ana, { camera: 371.5, screen: 700 });
    wishes.set(ben, { camera: 0, screen: 0 });
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(300);
    expect(sent).toEqual([
      ['ana', want(420, 720)],
      ['ben', want(0)],
    ]);
    wishes.set(ana, { camera: 405, screen: 719 });
    vi.advanceTimersByTime(300);
    expect(sent).toHaveLength(2);
  });

  it('wait while nobody can be told, and are told then if they still differ', () => {
    const { sent, state, wishes, want } = createFixture();
    wishes.set(ana, { camera: 360, screen: 0 });
    vi.advanceTimersByTime(300);
    state.canSend = false;
    wishes.set(ana, { camera: 0, screen: 0 });
    vi.advanceTimersByTime(300);
    expect(sent).toHaveLength(1);
    state.canSend = true;
    wishes.resume();
    wishes.resume();
    expect(sent.slice(1)).toEqual([['ana', want(0)]]);
  });

  it('are told anew to one who comes back, and to nobody after the end', () => {
    const { sent, wishes } = createFixture();
    wishes.set(ana, { camera: 360, screen: 0 });
    vi.advanceTimersByTime(300);
    wishes.forget(ana);
    wishes.set(ana, { camera: 360, screen: 0 });
    vi.advanceTimersByTime(300);
    expect(sent).toHaveLength(2);
    wishes.set(ben, { camera: 360, screen: 0 });
    wishes.stop();
    vi.advanceTimersByTime(300);
    expect(sent).toHaveLength(2);
  });
});
