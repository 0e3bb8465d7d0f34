import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { waitAwake } from './wait-awake.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A page whose timers ring so much later than they should, each. @returns how long the wait took by the clock. */
function measureWait(waitMs: number, lateMs: number): number {
  let lostMs = 0;
  const realNow = performance.now.bind(performance);
  const beganAtMs = realNow();
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => realNow() + lostMs);
  const onOver = vi.fn();
  waitAwake(waitMs, onOver);
  for (let rings = 0; onOver.mock.calls.length === 0 && rings < 1_000; rings += 1) {
    lostMs += lateMs;
    vi.advanceTimersToNextTimer();
  }
  clock.mockRestore();
  expect(onOver).toHaveBeenCalledTimes(1);
  return Math.round(realNow() + lostMs - beganAtMs);
}

it('lasts as long as it should where timers ring in time', () => {
  for (const waitMs of [1, 200, 599, 600, 5_000]) expect(measureWait(waitMs, 0)).toBe(waitMs);
});

it('lasts several times as long where they ring late', () => {
  expect(measureWait(600, 90)).toBeLessThan(900);
  expect(measureWait(600, 400)).toBeGreaterThan(1_200);
  expect(measureWait(5_000, 1_000)).toBeGreaterThan(15_000);
});

it('gives a page that has slept the time to read what lies there, and ends all the same', () => {
  const tookMs = measureWait(200, 60_000);
  expect(tookMs).toBeGreaterThanOrEqual(60_400);
  expect(tookMs).toBeLessThan(121_000);
});

it('ends without a word when it is stopped', () => {
  const onOver = vi.fn();
  const stop = waitAwake(600, onOver);
  vi.advanceTimersByTime(500);
  stop();
  vi.advanceTimersByTime(60_000);
  expect(onOver).not.toHaveBeenCalled();
});
