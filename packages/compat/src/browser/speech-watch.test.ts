import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchSpeech } from './speech-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a watch on speech', () => {
  it('tells when somebody begins and stops, but for knocks and pauses', () => {
    const told: string[] = [];
    let level = 0;
    const watch = watchSpeech({
      level: () => level,
      thresholdDecibels: -50,
      intervalMs: 100,
      onSpeaking: () => void told.push('speaking'),
      onStopped: () => void told.push('stopped'),
      onVolume: (decibels) => void told.push(`${decibels}`),
    });
    const pass = (next: number, ms: number) => {
      level = next;
      vi.advanceTimersByTime(ms);
    };
    pass(0, 300);
    pass(0.5, 100);
    pass(0, 300);
    expect(told).toEqual(['-60', '-36', '-60']);
    pass(0.5, 300);
    pass(0, 500);
    pass(0.5, 300);
    expect(told.slice(3)).toEqual(['-36', 'speaking', '-60', '-36']);
    pass(0, 1_000);
    expect(told.at(-1)).toBe('stopped');
    watch.stop();
    pass(1, 1_000);
    expect(told.at(-1)).toBe('stopped');
  });
});
