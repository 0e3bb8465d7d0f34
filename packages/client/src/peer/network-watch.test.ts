import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchNetwork } from './network-watch.ts';

const browser = new EventTarget();
const link = new EventTarget();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { connection: link });
  vi.stubGlobal('addEventListener', browser.addEventListener.bind(browser));
  vi.stubGlobal('removeEventListener', browser.removeEventListener.bind(browser));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function watch() {
  const told = { onChanged: vi.fn(), onHint: vi.fn() };
  return { ...told, stop: watchNetwork(told) };
}

describe('the watch over the network', () => {
  it('takes being online again for a change, and what the browser guesses of the link for a hint', () => {
    const { onChanged, onHint, stop } = watch();
    browser.dispatchEvent(new Event('online'));
    expect([onChanged.mock.calls.length, onHint.mock.calls.length]).toEqual([1, 0]);
    link.dispatchEvent(new Event('change'));
    expect([onChanged.mock.calls.length, onHint.mock.calls.length]).toEqual([1, 1]);
    stop();
  });

  it('takes it for a hint, once, to have slept', () => {
    const { onHint, stop } = watch();
    vi.advanceTimersByTime(20_000);
    expect(onHint).not.toHaveBeenCalled();
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(20_000);
    expect(onHint).toHaveBeenCalledTimes(1);
    stop();
  });

  it('hears nothing once stopped, and does without what a browser does not have', () => {
    vi.stubGlobal('navigator', {});
    const { onChanged, onHint, stop } = watch();
    stop();
    browser.dispatchEvent(new Event('online'));
    link.dispatchEvent(new Event('change'));
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(20_000);
    expect(onChanged).not.toHaveBeenCalled();
    expect(onHint).not.toHaveBeenCalled();
  });
});
