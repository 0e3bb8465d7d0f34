import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { freshPatience, learnRoundTrip } from '../logic/patience.ts';
import { startProbe } from './probe.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A probe of a server whose answers the test gives. */
function createProbed() {
  const onSilent = vi.fn();
  const learn = vi.fn();
  const signs: (() => void)[] = [];
  const stop = startProbe({
    patience: learnRoundTrip(freshPatience, 20),
    learn,
    ask: (onSign) => signs.push(onSign),
    onSilent,
  });
  return { onSilent, learn, signs, stop, sign: () => signs.at(-1)?.() };
}

describe('the probe of a server', () => {
  it('finds within a second of a stall that there is no sign of life, and says so once', () => {
    const { onSilent, sign } = createProbed();
    sign();
    // Stalled just after an answer: the longest case.
    vi.advanceTimersByTime(999);
    expect(onSilent).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onSilent).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(10_000);
    expect(onSilent).toHaveBeenCalledTimes(1);
  });

  it('asks on for as long as there are signs', () => {
    const { onSilent, signs, sign } = createProbed();
    for (let count = 0; count < 50; count += 1) {
      vi.advanceTimersByTime(450);
      sign();
    }
    expect(onSilent).not.toHaveBeenCalled();
    expect(signs.length).toBeGreaterThan(10);
  });

  it('learns how long an answer takes', () => {
    const { learn, sign } = createProbed();
    vi.advanceTimersByTime(120);
    sign();
    expect(learn).toHaveBeenCalledWith({ roundTripMs: 40, falseAlarms: 0 });
  });

  it('does not blame the server when the page itself stood still', () => {
    const { onSilent, sign } = createProbed();
    const timer = vi.spyOn(performance, 'now');
    const realNowMs = performance.now();
    timer.mockReturnValue(realNowMs + 60_000);
    vi.advanceTimersByTime(600);
    expect(onSilent).not.toHaveBeenCalled();
    // The answer lay there.
    sign();
    vi.advanceTimersByTime(300);
    expect(onSilent).not.toHaveBeenCalled();
    timer.mockRestore();
  });

  it('says nothing once stopped', () => {
    const { onSilent, stop } = createProbed();
    stop();
    vi.advanceTimersByTime(60_000);
    expect(onSilent).not.toHaveBeenCalled();
  });
});
