import { describe, expect } from 'vitest';
import { PHONE_VIEWPORT, type Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { waitForPeople, waitForPerson } from './call/people.ts';
import { setSeen } from './call/set-seen.ts';
import {
  openSmallWindow,
  pressInSmallWindow,
  readSmallWindow,
  waitForMovingPicture,
  waitForNoSmallWindow,
} from './call/small-window.ts';
import { readCamera, readFingerprint } from './media/sent-camera.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

const deadlineMs = 60_000;

/** Waits until those and nobody else send their pictures to the page of that fingerprint. */
function waitForSenders(
  guests: readonly Guest[],
  senders: readonly Guest[],
  fingerprint: string,
): Promise<null> {
  return until(
    `${senders.map(({ label }) => label).join()} and nobody else to send`,
    async () => {
      const cameras = await Promise.all(guests.map((guest) => readCamera(guest, fingerprint)));
      const found = guests.every((guest, place) => cameras[place]?.isActive === senders.includes(guest));
      return found ? { found, value: null } : { found, seen: cameras };
    },
    deadlineMs,
  );
}

/** Waits until the pictures on the page itself move. */
async function waitForStage(guest: Guest, pictures: number): Promise<void> {
  const read = () =>
    guest.evaluate(
      () =>
        [...document.querySelectorAll('li:not([data-self]) video')].map((video) =>
          video instanceof HTMLVideoElement ? video.currentTime : 0,
        ),
      null,
    );
  const before = await read();
  expect(before).toHaveLength(pictures);
  await until(`the stage of ${guest.label} to move`, async () => {
    const now = await read();
    const found = now.length === pictures && now.every((time, place) => time > (before[place] ?? 0));
    return found ? { found, value: null } : { found, seen: now };
  });
}

/** In a call of two, as far as any browser has it. */
async function lookFromBeside(ana: Guest, ben: Guest, url: string): Promise<void> {
  await enterCall(ana, url, 'Ana');
  await enterCall(ben, url, 'Ben');
  await waitForPerson(ana, 'Ben', 'with a picture', ({ camera }) => camera === 'on', deadlineMs);
  await openSmallWindow(ana);
  await waitForMovingPicture(ana, 'Ben');
  expect((await readSmallWindow(ana))?.controls).toEqual([
    'Mic on',
    'Camera on',
    'Back to the call',
    'Leave',
  ]);

  await pressInSmallWindow(ana, 'Mic');
  await waitForPerson(ben, 'Ana', 'muted', ({ microphone }) => microphone === 'off', deadlineMs);
  expect((await readSmallWindow(ana))?.mic).toBe('false');
  await ben.click('switch', 'Mic');
  await until('the small window to say that Ben is muted', async () => {
    const view = await readSmallWindow(ana);
    return view?.microphone === 'off' ? { found: true, value: null } : { found: false, seen: view };
  });
  await waitForStage(ana, 1);

  await pressInSmallWindow(ana, 'Back');
  await waitForNoSmallWindow(ana);
  await waitForStage(ana, 1);
  await openSmallWindow(ana);
  await waitForMovingPicture(ana, 'Ben');
  await pressInSmallWindow(ana, 'Leave');
  await ana.waitFor('heading', 'You left the call');
  await waitForNoSmallWindow(ana);
}

describe('the small window', () => {
  test(
    'shows the other, has the controls of the call, and goes with it',
    { timeout: 180_000 },
    async ({ stage }) => {
      const program = await stage.startProgram();
      const ana = await stage.invite('chromium', 'Ana');
      const ben = await stage.invite('chromium', 'Ben', { viewport: PHONE_VIEWPORT });
      await lookFromBeside(ana, ben, `${program.origin}/r/beside`);
    },
  );

  test('does so in Firefox', { timeout: 240_000 }, async ({ stage }) => {
    const program = await stage.startProgram();
    const ana = await stage.invite('firefox', 'Ana');
    const ben = await stage.invite('chromium', 'Ben', { viewport: PHONE_VIEWPORT });
    await lookFromBeside(ana, ben, `${program.origin}/r/beside`);
  });

  test(
    'is all that pictures come for while its page is not seen, and follows who speaks',
    { timeout: 240_000 },
    async ({ stage }) => {
      const program = await stage.startProgram();
      const url = `${program.origin}/r/beside`;
      const ana = await stage.invite('chromium', 'Ana');
      const ben = await stage.invite('chromium', 'Ben', { viewport: PHONE_VIEWPORT });
      const cleo = await stage.invite('chromium', 'Cleo', { viewport: PHONE_VIEWPORT });
      await enterCall(ana, url, 'Ana');
      await enterCall(ben, url, 'Ben');
      await enterCall(cleo, url, 'Cleo');
      await cleo.click('switch', 'Mic');
      await waitForPeople(ana, 3, deadlineMs);
      const fingerprint = await readFingerprint(ana);
      const others = [ben, cleo];
      await waitForSenders(others, others, fingerprint);

      await openSmallWindow(ana);
      await waitForMovingPicture(ana, 'Ben');
      await setSeen(ana, false);
      await waitForSenders(others, [ben], fingerprint);
      await waitForMovingPicture(ana, 'Ben');

      await ben.click('switch', 'Mic');
      await cleo.click('switch', 'Mic');
      await waitForMovingPicture(ana, 'Cleo');
      await waitForSenders(others, [cleo], fingerprint);

      await pressInSmallWindow(ana, 'Back');
      await waitForNoSmallWindow(ana);
      await waitForSenders(others, [], fingerprint);
      await setSeen(ana, true);
      await waitForSenders(others, others, fingerprint);
      await waitForStage(ana, 2);
    },
  );

  test(
    'is the browser’s own, around one picture, where a page can have none',
    { timeout: 180_000 },
    async ({ stage }) => {
      const program = await stage.startProgram();
      const url = `${program.origin}/r/beside`;
      const ana = await stage.invite('chromium', 'Ana', {
        scriptBeforePage: 'delete window.documentPictureInPicture',
      });
      const ben = await stage.invite('chromium', 'Ben', { viewport: PHONE_VIEWPORT });
      await enterCall(ana, url, 'Ana');
      await enterCall(ben, url, 'Ben');
      await waitForPerson(ana, 'Ben', 'with a picture', ({ camera }) => camera === 'on', deadlineMs);
      const fingerprint = await readFingerprint(ana);
      await waitForStage(ana, 1);
      const readOwner = () =>
        ana.evaluate(() => {
          const video = document.pictureInPictureElement;
          return video?.closest('li')?.textContent ?? null;
        }, null);
      await openSmallWindow(ana);
      await until('the browser to show Ben in a window', async () => {
        const owner = await readOwner();
        return owner?.includes('Ben') === true ? { found: true, value: null } : { found: false, seen: owner };
      });
      await setSeen(ana, false);
      // Longer than a page waits before it wants no pictures.
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      await waitForSenders([ben], [ben], fingerprint);
      await ana.click('button', 'More');
      await ana.click('menuitem', 'Close the small window');
      await waitForSenders([ben], [], fingerprint);
      expect(await readOwner()).toBeNull();
    },
  );
});
