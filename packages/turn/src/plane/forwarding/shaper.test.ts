import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PlaneCounters } from '../plane-counters.ts';
import type { Peer, Relay } from './relay.ts';
import { Shaper } from './shaper.ts';

const PEER = {} as Peer;
/** What an account may keep waiting at a low rate is 64 KiB: 65 of these. */
const PACKET = new Uint8Array(1000);
const FULL = 65;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(): { readonly shaper: Shaper; readonly relay: Relay; readonly counters: PlaneCounters } {
  const counters = new PlaneCounters();
  const shaper = new Shaper({ bytesPerSecond: 1000, nowMs: () => Date.now(), counters });
  const relay = { share: shaper.join('alice') } as Relay;
  return { shaper, relay, counters };
}

function hold(shaper: Shaper, relay: Relay, isToClient = false): void {
  shaper.hold(relay, PEER, 1, isToClient, PACKET, 0, PACKET.length, false);
}

describe('the shaper', () => {
  test('loses nothing of what has to wait twice, for two relays of one account', () => {
    const { shaper, relay, counters } = open();
    const delivered: boolean[] = [];
    shaper.onRelease(({ isToClient }) => {
      delivered.push(isToClient);
      if (!isToClient) hold(shaper, relay, true);
    });
    for (let count = 0; count < FULL; count += 1) hold(shaper, relay);
    vi.advanceTimersByTime(1000 * 1000);
    expect(delivered).toEqual([...Array<boolean>(FULL).fill(false), ...Array<boolean>(FULL).fill(true)]);
    expect(counters.snapshot().get('dropped_over_rate')).toBe(0);
    expect(relay.share.waiting.count).toBe(0);
  });

  test('stops its clock when nothing waits, and when whoever waited is gone', () => {
    const { shaper, relay } = open();
    shaper.onRelease(() => undefined);
    hold(shaper, relay);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(60_000);
    expect(vi.getTimerCount()).toBe(0);
    hold(shaper, relay);
    shaper.leave(relay.share);
    vi.advanceTimersByTime(60_000);
    expect(vi.getTimerCount()).toBe(0);
    expect(relay.share.waiting.count).toBe(0);
  });
});
