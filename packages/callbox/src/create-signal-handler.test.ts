import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSignalHandler } from './create-signal-handler.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function observe(stop: () => Promise<void>): { readonly codes: number[]; readonly signal: () => void } {
  const codes: number[] = [];
  return {
    codes,
    signal: createSignalHandler({ stop, exit: (code) => codes.push(code), onEnding: () => {} }),
  };
}

const never = (): Promise<void> => new Promise(() => {});

test('the program ends with 0 as soon as everything is closed', async () => {
  const { codes, signal } = observe(() => new Promise((resolve) => setTimeout(resolve, 40)));
  signal();
  await vi.advanceTimersByTimeAsync(39);
  expect(codes).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(codes).toEqual([0]);
});

test('it ends with 0 within a second even if something will not close', async () => {
  const { codes, signal } = observe(never);
  signal();
  await vi.advanceTimersByTimeAsync(999);
  expect(codes).toEqual([0]);
});

test('a second signal ends it at once, with another code', async () => {
  const { codes, signal } = observe(never);
  signal();
  await vi.advanceTimersByTimeAsync(300);
  signal();
  expect(codes).toEqual([130]);
});

test('one Ctrl-C that arrives twice, from the terminal and from npm, counts once', async () => {
  const { codes, signal } = observe(never);
  signal();
  await vi.advanceTimersByTimeAsync(50);
  signal();
  expect(codes).toEqual([]);
});

test('the end is announced once', async () => {
  const onEnding = vi.fn<() => void>();
  const signal = createSignalHandler({ stop: never, exit: () => {}, onEnding });
  signal();
  signal();
  expect(onEnding).toHaveBeenCalledTimes(1);
});
