import { describe, expect } from 'vitest';
import type { Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { waitForPeople } from './call/people.ts';
import { samplePlayback } from './media/playback-sample.ts';
import { smallScreens } from './media/small-screens.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

/** A browser that captures, encodes and decodes screens beside cameras is slow on a machine with two busy cores. */
const deadlineMs = 60_000;

/** What the page of a guest shows of one shared screen. */
interface ShownScreen {
  readonly owner: string;
  readonly width: number;
  readonly secondsPlayed: number;
  readonly fit: string;
}

function listScreens(guest: Guest): Promise<ShownScreen[]> {
  return guest.evaluate((): ShownScreen[] => {
    const videos = document.querySelectorAll<HTMLVideoElement>('video[data-source="screen"]');
    return [...videos].map((video) => ({
      owner: video.closest('li')?.textContent ?? '',
      width: video.videoWidth,
      secondsPlayed: video.currentTime,
      fit: getComputedStyle(video).objectFit,
    }));
  }, null);
}

/** Waits until the page shows the moving screens of exactly these people, uncropped. */
async function waitForScreens(guest: Guest, owners: readonly string[]): Promise<void> {
  const start = new Map<string, number>();
  await until(
    `${guest.label} to see the screens of ${owners.join(' and ') || 'nobody'}`,
    async () => {
      const screens = await listScreens(guest);
      const moving = screens.filter(({ owner, width, secondsPlayed, fit }) => {
        if (width === 0 || fit !== 'contain') return false;
        if (!start.has(owner)) start.set(owner, secondsPlayed);
        return secondsPlayed > (start.get(owner) ?? Infinity);
      });
      const found =
        screens.length === owners.length &&
        owners.every((name) => moving.some(({ owner }) => owner.includes(`${name}’s screen`)));
      return found ? { found, value: null } : { found, seen: screens };
    },
    deadlineMs,
  );
}

/** Waits until the page plays so many sounds: voices, and those of the screens. */
async function waitForSounds(guest: Guest, count: number): Promise<void> {
  await until(
    `${guest.label} to hear ${count} sounds`,
    async () => {
      const { soundTrackIds } = await samplePlayback(guest);
      const found = new Set(soundTrackIds).size === count;
      return found ? { found, value: null } : { found, seen: soundTrackIds };
    },
    deadlineMs,
  );
}

describe('sharing screens', () => {
  test('is seen uncropped in both browsers, and heard, by who comes later too, two at once, until it is stopped', async ({
    stage,
  }) => {
    const program = await stage.startProgram();
    const url = `${program.origin}/r/show`;
    const ana = await stage.invite('chromium', 'Ana', { scriptBeforePage: smallScreens });
    const ben = await stage.invite('firefox', 'Ben');
    await enterCall(ana, url, 'Ana');
    await enterCall(ben, url, 'Ben');
    await waitForPeople(ana, 2);
    await ana.click('button', 'Share');
    await waitForScreens(ben, ['Ana']);
    // Her voice, and what is heard of the screen.
    await waitForSounds(ben, 2);

    const dora = await stage.invite('chromium', 'Dora', { scriptBeforePage: smallScreens });
    await enterCall(dora, url, 'Dora');
    await waitForScreens(dora, ['Ana']);
    await dora.click('button', 'Share');
    await waitForScreens(ben, ['Ana', 'Dora']);
    await waitForSounds(ben, 4);
    await waitForScreens(ana, ['Dora']);

    await ana.click('button', 'Stop sharing');
    await waitForScreens(ben, ['Dora']);
    // As when the person presses the browser's own button.
    await dora.evaluate(() => {
      for (const connection of window.callboxProbe.connections) {
        for (const { track } of connection.getSenders()) {
          if (track?.contentHint !== 'detail') continue;
          track.stop();
          track.dispatchEvent(new Event('ended'));
        }
      }
    }, null);
    await waitForScreens(ben, []);
    await waitForScreens(ana, []);
    expect(await dora.count('button', 'Stop sharing')).toBe(0);
  });
});
