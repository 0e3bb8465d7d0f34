import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Guest } from '../browser/guest.ts';
import { until } from '../until.ts';
import { readFrames } from './frame-watch.ts';
import { watchAll } from './equal-run.ts';
import { note } from './note.ts';

/**
 * Waits until every watched page has had a gap and has pictures again.
 *
 * @returns the longest gap of each page, in milliseconds.
 */
export async function waitForPictures(guests: readonly Guest[]): Promise<number[]> {
  return until(
    'everybody to have had a gap, and pictures again',
    async () => {
      const reports = await Promise.all(guests.map(readFrames));
      const found = reports.every(({ longestGapMs, stillMs }) => longestGapMs > 500 && stillMs < 500);
      return found
        ? { found, value: reports.map(({ longestGapMs }) => Math.round(longestGapMs)) }
        : { found, seen: reports };
    },
    60_000,
  );
}

const mostTries = 3;

/**
 * Expects that pictures are there again soon after something that stops them: within the target, and twice the longest gap
 * that the same pages have without it, which is a frame on a machine at rest and a second or two on one that is busy. Tried
 * up to three times, for the same reason: what is slow by itself is slow each time.
 *
 * @param disturb stops the pictures of all. @returns how much of the gap does not count, in milliseconds.
 */
export async function expectPicturesWithin(
  what: string,
  targetMs: number,
  guests: readonly Guest[],
  disturb: (attempt: number) => Promise<number>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const calm = await watchAll(guests, () => sleep(2_000));
    const usualMs = Math.max(...calm.map(({ longestGapMs }) => longestGapMs));
    let lead = 0;
    const disturbed = await watchAll(guests, async () => {
      lead = await disturb(attempt);
      await waitForPictures(guests);
    });
    const gaps = disturbed.map(({ longestGapMs }) => longestGapMs - lead);
    const longestMs = Math.max(...gaps);
    const limitMs = targetMs + 2 * usualMs;
    note(
      `${what}: no pictures for ${gaps.map((gap) => Math.round(gap)).join(' and ')} ms` +
        ` (target ${targetMs} ms; gaps of ${Math.round(usualMs)} ms in a calm time)`,
    );
    if (longestMs <= limitMs) return;
    if (attempt === mostTries) expect(longestMs, what).toBeLessThanOrEqual(limitMs);
  }
}
