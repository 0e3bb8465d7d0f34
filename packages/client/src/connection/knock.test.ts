import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startKnocking } from './knock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function createDoor(random = () => 0.999) {
  const knocks: { readonly atMs: number; readonly signal: AbortSignal }[] = [];
  const onAnswered = vi.fn();
  let answer: (signal: AbortSignal) => Promise<boolean> = () => Promise.reject(new TypeError('refused'));
  const stop = startKnocking({
    random,
    onAnswered,
    knock(signal) {
      knocks.push({ atMs: Date.now(), signal });
      return answer(signal);
    },
  });
  return {
    knocks,
    onAnswered,
    stop,
    behave: (next: typeof answer) => {
      answer = next;
    },
  };
}

describe('knocking at a server that is away', () => {
  it.each([0, 0.5, 0.999])('leaves less than a second between two, by a jitter of %d', async (jitter) => {
    const { knocks } = createDoor(() => jitter);
    await vi.advanceTimersByTimeAsync(20_000);
    const pauses = knocks.slice(1).map(({ atMs }, index) => atMs - (knocks[index]?.atMs ?? 0));
    expect(Math.max(...pauses)).toBeLessThan(1_000);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(500);
  });

  it('is not held up by a knock that hangs, and gives each up in the end', async () => {
    const { knocks, onAnswered, behave } = createDoor();
    behave(() => new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(knocks.length).toBeGreaterThan(4);
    behave(() => Promise.resolve(true));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(onAnswered).toHaveBeenCalledTimes(1);
    expect(knocks.every(({ signal }) => signal.aborted)).toBe(false);
    expect(knocks.slice(0, 4).every(({ signal }) => signal.aborted)).toBe(true);
  });

  it('ends with the first answer, and does not take a refusal for one', async () => {
    const { knocks, onAnswered, behave } = createDoor();
    behave(() => Promise.resolve(false));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(onAnswered).not.toHaveBeenCalled();
    behave(() => Promise.resolve(true));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(onAnswered).toHaveBeenCalledTimes(1);
    const count = knocks.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(knocks).toHaveLength(count);
  });

  it('says nothing once stopped, also when an answer comes late', async () => {
    const { onAnswered, stop, behave } = createDoor();
    behave(() => new Promise((resolve) => setTimeout(() => resolve(true), 500)));
    await vi.advanceTimersByTimeAsync(600);
    stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(onAnswered).not.toHaveBeenCalled();
  });
});
