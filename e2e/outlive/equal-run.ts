import { expect } from 'vitest';
import type { Guest } from '../browser/guest.ts';
import { readFrames, watchFrames, type FrameReport } from './frame-watch.ts';
import { note } from './note.ts';

/** Watches the frames of all guests while something is done. */
export async function watchAll(
  guests: readonly Guest[],
  act: () => Promise<unknown>,
): Promise<readonly FrameReport[]> {
  await Promise.all(guests.map(watchFrames));
  await act();
  const reports = await Promise.all(guests.map(readFrames));
  for (const { framesDecoded } of reports) expect(framesDecoded).toBeGreaterThan(0);
  return reports;
}

const mostTries = 4;

/**
 * Expects that pictures stand still neither more often nor for longer than in an equal run in which the call itself is left
 * alone. A machine that is busy with other things has gaps of its own, in either run: so the two are repeated, up to four
 * times, until the disturbed one is no worse than the worst of the calm ones. What a disturbance does to pictures it does
 * each time; chance does not.
 */
export async function expectNoMoreGaps(
  what: string,
  guests: readonly Guest[],
  runs: { readonly calm: () => Promise<unknown>; readonly disturbed: () => Promise<unknown> },
): Promise<void> {
  let most = guests.map(() => ({ freezes: 0, frozenMs: 0 }));
  for (let tries = 1; ; tries += 1) {
    const calm = await watchAll(guests, runs.calm);
    most = most.map(({ freezes, frozenMs }, place) => ({
      freezes: Math.max(freezes, calm[place]?.freezes ?? 0),
      frozenMs: Math.max(frozenMs, calm[place]?.frozenMs ?? 0),
    }));
    const disturbed = await watchAll(guests, runs.disturbed);
    note(`${what}: ${describe(disturbed)}; an equal run without: ${describe(calm)}`);
    const isNoWorse = disturbed.every(({ freezes, frozenMs }, place) => {
      const limit = most[place];
      return limit !== undefined && freezes <= limit.freezes && frozenMs <= limit.frozenMs;
    });
    if (isNoWorse) return;
    if (tries === mostTries) {
      expect.fail(`${what}: pictures stood still, ${describe(disturbed)}, and in no equal run as much`);
    }
  }
}

function describe(reports: readonly FrameReport[]): string {
  return reports
    .map(({ freezes, frozenMs, longestGapMs }) =>
      [`${freezes} gaps of ${Math.round(frozenMs)} ms`, `longest seen ${Math.round(longestGapMs)} ms`].join(
        ', ',
      ),
    )
    .join(' and ');
}
