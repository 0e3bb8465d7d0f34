import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { PHONE_VIEWPORT, type BrowserKind, type Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { waitForPeople, waitForPerson } from './call/people.ts';
import { setSeen } from './call/set-seen.ts';
import { readCamera, readFingerprint } from './media/sent-camera.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

/** Four pages share two busy cores here. */
const deadlineMs = 90_000;
/** In that time ten frames are taken by a camera that is sent. */
const lookMs = 1_500;

/** Windows in which not everybody has a place: a telephone of long ago, and the lower edge of a screen. */
const narrow = { width: 320, height: 380 };
const flat = { width: 900, height: 330 };
const roomy = { width: 1280, height: 800 };

/** Whose pictures a page shows now, by name. */
function listShown(guest: Guest): Promise<string[]> {
  return guest.evaluate(
    () =>
      [...document.querySelectorAll('[aria-label="People in the call"] > li:not([data-self])')]
        .filter((item) => item.getBoundingClientRect().width > 10)
        .map((item) => item.textContent),
    null,
  );
}

interface Sender {
  readonly name: string;
  readonly guest: Guest;
}

/**
 * Waits until those whose pictures are shown by the looker, and nobody else, send it theirs: by the browsers' own count of frames, and by what
 * they were told of the encoding.
 *
 * @returns who is shown.
 */
function waitForSenders(
  looker: Guest,
  senders: readonly Sender[],
  fingerprint: string,
  what: string,
): Promise<string[]> {
  return until(
    `nobody but who is shown to be sending, ${what}`,
    async () => {
      const look = () => Promise.all(senders.map(({ guest }) => readCamera(guest, fingerprint)));
      const shown = await listShown(looker);
      const before = await look();
      await sleep(lookMs);
      const after = await look();
      const rows = senders.map(({ name }, place) => ({
        name,
        isShown: shown.some((text) => text.includes(name)),
        isActive: after[place]?.isActive,
        frames: (after[place]?.framesSent ?? 0) - (before[place]?.framesSent ?? 0),
      }));
      const found =
        shown.join() === (await listShown(looker)).join() &&
        rows.every(
          ({ isShown, isActive, frames }) => isActive === isShown && (isShown ? frames > 0 : frames === 0),
        );
      return found
        ? { found, value: rows.filter(({ isShown }) => isShown).map(({ name }) => name) }
        : { found: false, seen: rows };
    },
    deadlineMs,
  );
}

describe('a camera that somebody does not look at', () => {
  test(
    'is not sent to them: on another page, beside who is large, in a tab that is not seen; and is sent again once it is',
    { timeout: 300_000 },
    async ({ stage }) => {
      const program = await stage.startProgram();
      const url = `${program.origin}/r/looks`;
      const ana = await stage.invite('chromium', 'Ana', { viewport: roomy });
      await enterCall(ana, url, 'Ana');
      const senders: Sender[] = [];
      for (const [name, kind] of [
        ['Ben', 'chromium'],
        ['Cleo', 'firefox'],
        ['Dora', 'chromium'],
      ] as const satisfies readonly (readonly [string, BrowserKind])[]) {
        const guest = await stage.invite(kind, name, { viewport: PHONE_VIEWPORT });
        await enterCall(guest, url, name);
        // All beep at the same time: who is silent keeps their place.
        await guest.click('switch', 'Mic');
        senders.push({ name, guest });
      }
      for (const { name } of senders) {
        await waitForPerson(
          ana,
          name,
          'muted, with a picture',
          ({ microphone, camera, link }) => microphone === 'off' && camera === 'on' && link === 'connected',
          deadlineMs,
        );
      }
      await waitForPeople(ana, 4);
      const fingerprint = await readFingerprint(ana);
      const everyone = senders.map(({ name }) => name);
      const waitFor = (what: string) => waitForSenders(ana, senders, fingerprint, what);
      expect(await waitFor('with everyone on one page')).toEqual(everyone);

      await ana.appear({ colorScheme: 'light', viewport: narrow });
      await ana.waitFor('button', 'Next people');
      const first = await waitFor('on the first page');
      await ana.click('button', 'Next people');
      const second = await waitFor('on the second page');
      expect(first.length).toBeGreaterThan(0);
      expect(second.length).toBeGreaterThan(0);
      expect(second.filter((name) => first.includes(name))).toEqual([]);
      await ana.click('button', 'Previous people');
      expect(await waitFor('on the first page again')).toEqual(first);

      await ana.appear({ colorScheme: 'light', viewport: flat });
      await ana.press('g');
      await ana.waitFor('button', 'Next people');
      const beside = await waitFor('with one large');
      expect(beside.length).toBeGreaterThan(0);
      expect(beside.length).toBeLessThan(everyone.length);

      await setSeen(ana, false);
      await until(
        'nobody to send anything to a page that is not seen',
        async () => {
          const cameras = await Promise.all(senders.map(({ guest }) => readCamera(guest, fingerprint)));
          const found = cameras.every(({ isActive }) => !isActive);
          return found ? { found, value: null } : { found, seen: cameras };
        },
        deadlineMs,
      );
      // Of the others nobody notices.
      const [ben, cleo] = senders;
      if (ben === undefined || cleo === undefined) throw new Error('nobody sends');
      const others = await readFingerprint(cleo.guest);
      const sentBefore = await readCamera(ben.guest, others);
      const unseenBefore = await readCamera(ben.guest, fingerprint);
      await until(
        'Ben to go on sending to Cleo',
        async () => {
          const camera = await readCamera(ben.guest, others);
          const found = camera.isActive && camera.framesSent > sentBefore.framesSent;
          return found ? { found, value: null } : { found, seen: camera };
        },
        deadlineMs,
      );
      expect((await readCamera(ben.guest, fingerprint)).framesSent).toBe(unseenBefore.framesSent);

      await ana.appear({ colorScheme: 'light', viewport: roomy });
      await ana.press('g');
      await setSeen(ana, true);
      expect(await waitFor('with everyone on one page again')).toEqual(everyone);
    },
  );
});
