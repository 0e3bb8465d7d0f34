import { describe, expect } from 'vitest';
import type { Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { waitForPeople } from './call/people.ts';
import { expectEveryoneSeesAndHears, expectMediaArrives } from './media/see-and-hear.ts';
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

/** Which of this guest's connections send the camera now. */
function listSending(guest: Guest): Promise<boolean[]> {
  return guest.evaluate(
    () =>
      window.callboxProbe.connections
        .filter(({ connectionState }) => connectionState === 'connected')
        .map((connection) => {
          const camera = connection.getTransceivers().find(({ sender }) => sender.track?.kind === 'video');
          return camera?.sender.getParameters().encodings[0]?.active ?? false;
        }),
    null,
  );
}

async function waitForSending(guest: Guest, what: string, expected: readonly boolean[]): Promise<void> {
  await until(
    `${guest.label} to send its camera ${what}`,
    async () => {
      const sending = await listSending(guest);
      const found = sending.join() === expected.join();
      return found ? { found, value: null } : { found, seen: sending };
    },
    deadlineMs,
  );
}

/** Makes the page believe that its tab was put into the background, or brought back. */
function setSeen(guest: Guest, seen: boolean): Promise<void> {
  return guest.evaluate((visible) => {
    const state = visible ? 'visible' : 'hidden';
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
    document.dispatchEvent(new Event('visibilitychange'));
  }, seen);
}

describe('sharing screens', () => {
  test('is seen uncropped in both browsers, by who comes later too, two at once, until it is stopped', async ({
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

    const dora = await stage.invite('chromium', 'Dora', { scriptBeforePage: smallScreens });
    await enterCall(dora, url, 'Dora');
    await waitForScreens(dora, ['Ana']);
    await dora.click('button', 'Share');
    await waitForScreens(ben, ['Ana', 'Dora']);
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

describe('a page that nobody looks at', () => {
  test('costs the others no pictures, and has them again when it is looked at', async ({ stage }) => {
    const program = await stage.startProgram();
    const url = `${program.origin}/r/thrift`;
    const ana = await stage.invite('chromium', 'Ana');
    const ben = await stage.invite('chromium', 'Ben');
    await enterCall(ana, url, 'Ana');
    await enterCall(ben, url, 'Ben');
    await expectEveryoneSeesAndHears([ana, ben]);
    await waitForSending(ana, 'to Ben', [true]);
    await setSeen(ben, false);
    await waitForSending(ana, 'to nobody', [false]);
    await setSeen(ben, true);
    await waitForSending(ana, 'to Ben again', [true]);
    await expectMediaArrives(ben, 1);
  });
});
