import { describe, expect } from 'vitest';
import type { Guest } from './browser/guest.ts';
import { enterCall, joinFromPage } from './call/enter-call.ts';
import { listIds, listPeople, waitForPeople, waitForPerson } from './call/people.ts';
import { expectEveryoneSeesAndHears, expectMediaArrives } from './media/see-and-hear.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

/** A Firefox that loads a page and opens its devices takes its time on a machine with two busy cores. */
const deadlineMs = 60_000;

describe('a call of Firefox and Chromium', () => {
  test('each hears of the other’s devices, and a reload of Firefox keeps the seat', async ({ stage }) => {
    const program = await stage.startProgram();
    const [ana, ben] = await Promise.all([stage.invite('firefox', 'Ana'), stage.invite('chromium', 'Ben')]);
    await enterCall(ana, `${program.origin}/r/mixed`, 'Ana');
    await enterCall(ben, `${program.origin}/r/mixed`, 'Ben');
    await expectEveryoneSeesAndHears([ana, ben]);

    await ana.click('switch', 'Mic');
    await waitForPerson(ben, 'Ana', 'muted', ({ microphone }) => microphone === 'off');
    await ben.click('switch', 'Mic');
    await waitForPerson(ana, 'Ben', 'muted', ({ microphone }) => microphone === 'off');
    await ana.click('switch', 'Camera');
    await waitForPerson(ben, 'Ana', 'without a picture', ({ camera }) => camera === 'off');
    await ana.click('switch', 'Camera');
    await ben.click('switch', 'Mic');
    await waitForPerson(ben, 'Ana', 'with a picture', ({ camera }) => camera === 'on');

    const idsBefore = await Promise.all([ana, ben].map(listIds));
    await ana.reload();
    await until(
      'Ana to be back',
      async () => {
        const ids = await listIds(ana).catch(() => []);
        return ids.length === 2 ? { found: true, value: null } : { found: false, seen: ids };
      },
      deadlineMs,
    );
    // The same person, at the same place, with the devices as they were.
    expect(await Promise.all([ana, ben].map(listIds))).toEqual(idsBefore);
    await waitForPerson(
      ben,
      'Ana',
      'as she was',
      ({ microphone, camera, link }) => microphone === 'off' && camera === 'on' && link === 'connected',
      deadlineMs,
    );
    await expectMediaArrives(ana, 1, deadlineMs);
    await waitForPeople(ben, 2);
  });
});

describe('a Firefox that has no devices, and one that may not use them', () => {
  test('say so, and are in the call all the same', async ({ stage }) => {
    const program = await stage.startProgram();
    const url = `${program.origin}/r/less`;
    const ana = await stage.invite('chromium', 'Ana');
    await enterCall(ana, url, 'Ana');
    for (const [name, devices, words] of [
      ['Cleo', 'missing', 'No camera or microphone found. Plug one in, or join without.'],
      ['Dora', 'withheld', 'camera and microphone'],
    ] as const) {
      const guest = await stage.invite('firefox', name, { devices });
      await guest.open(url);
      await askForDevices(guest, words);
      await joinFromPage(guest, name);
      await waitForPerson(
        ana,
        name,
        'with neither',
        ({ microphone, camera, link }) => microphone === 'off' && camera === 'off' && link === 'connected',
        deadlineMs,
      );
      await waitForPerson(
        guest,
        'Ana',
        'with both',
        ({ microphone, camera }) => microphone === 'on' && camera === 'on',
      );
      await guest.close();
      await waitForPeople(ana, 1, deadlineMs);
    }
    expect(await listPeople(ana)).toHaveLength(1);
  });
});

/** Asks for devices where the page has not done so by itself, and waits until it says what is the matter. */
function askForDevices(guest: Guest, words: string): Promise<void> {
  return until(
    `${guest.label} to be told of ${words}`,
    async () => {
      const alert = await guest.evaluate(
        () => document.querySelector('[role="alert"].notice__text')?.textContent,
        null,
      );
      if (alert?.includes(words) === true) return { found: true, value: undefined };
      if ((await guest.count('button', 'Turn on camera and microphone')) > 0)
        await guest.click('button', 'Turn on camera and microphone');
      return { found: false, seen: alert };
    },
    deadlineMs,
  );
}
