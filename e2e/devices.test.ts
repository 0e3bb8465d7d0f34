import { describe, expect } from 'vitest';
import type { Guest } from './browser/guest.ts';
import { enterCall, joinFromPage } from './call/enter-call.ts';
import { waitForPerson } from './call/people.ts';
import { expectEveryoneSeesAndHears, expectMediaArrives } from './media/see-and-hear.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

/** Several calls are begun and devices opened here, which takes its time on a machine with two busy cores. */
const deadlineMs = 60_000;

type Kind = 'audio' | 'video';

/** The device that this guest sends to others now, by the name that its browser gives it; null while there is none. */
function readDevice(guest: Guest, kind: Kind): Promise<string | null> {
  return guest.evaluate((wanted) => {
    const connection = window.callboxProbe.connections.at(-1);
    const track = connection?.getSenders().find((sender) => sender.track?.kind === wanted)?.track;
    return track?.readyState === 'live' ? track.label : null;
  }, kind);
}

/** Waits until the guest sends from a device of which `holds` is true. @returns its name. */
function waitForDevice(guest: Guest, kind: Kind, holds: (label: string) => boolean): Promise<string> {
  return until(
    `${guest.label} to send from another device (${kind})`,
    async () => {
      const label = await readDevice(guest, kind);
      return label !== null && holds(label) ? { found: true, value: label } : { found: false, seen: label };
    },
    deadlineMs,
  );
}

/**
 * Chooses the last device that is not in use, in the sheet that is open. Of Chromium's own cameras the second gives depths and the
 * third photographs; the fourth is like the first.
 *
 * @returns the name of the choice.
 */
function chooseAnother(guest: Guest, label: string): Promise<string> {
  return until(`${guest.label} to have a choice of ${label}`, () =>
    guest.evaluate((wanted) => {
      const found = [...document.querySelectorAll('dialog label')].find(
        (each) => each.textContent === wanted,
      );
      const select = found?.parentElement?.querySelector('select');
      const other = [...(select?.options ?? [])].findLast(({ selected }) => !selected);
      if (select === null || select === undefined || other === undefined)
        return { found: false, seen: select?.options.length } as const;
      select.value = other.value;
      select.dispatchEvent(new Event('change', { bubbles: true }));
      return { found: true, value: other.text } as const;
    }, label),
  );
}

/** As when the plug is pulled: the track ends by itself, and the browser says that devices have changed. */
function unplug(guest: Guest, kind: Kind): Promise<void> {
  return guest.evaluate((wanted) => {
    const connection = window.callboxProbe.connections.at(-1);
    const track = connection?.getSenders().find((sender) => sender.track?.kind === wanted)?.track;
    track?.stop();
    track?.dispatchEvent(new Event('ended'));
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  }, kind);
}

describe('a call', () => {
  test(
    'goes on when devices are changed and unplugged in it, and the choice outlives the page and its ids',
    {
      timeout: 300_000,
    },
    async ({ stage }) => {
      const program = await stage.startProgram();
      const url = `${program.origin}/r/devices`;
      const ana = await stage.invite('chromium', 'Ana', { cameras: 4 });
      const ben = await stage.invite('chromium', 'Ben');
      await enterCall(ana, url, 'Ana');
      await enterCall(ben, url, 'Ben');
      await expectEveryoneSeesAndHears([ana, ben]);

      await ana.click('button', 'More');
      await ana.click('menuitem', 'Devices');
      const camera = await chooseAnother(ana, 'Camera');
      expect(await waitForDevice(ana, 'video', (label) => label === camera)).toBe(camera);
      const microphone = await chooseAnother(ana, 'Microphone');
      expect(await waitForDevice(ana, 'audio', (label) => label === microphone)).toBe(microphone);
      await ana.press('Escape');
      await expectMediaArrives(ben, 1, deadlineMs);

      for (const kind of ['video', 'audio'] as const) {
        await unplug(ana, kind);
        await waitForDevice(ana, kind, () => true);
      }
      await expectMediaArrives(ben, 1, deadlineMs);

      // A browser that gives its devices new ids: the name alone is left to go by.
      await ana.evaluate(() => {
        const kept = JSON.parse(localStorage.getItem('callbox.preferences') ?? '{}') as Record<
          string,
          object
        >;
        kept['cameraDevice'] = { ...kept['cameraDevice'], id: 'an-id-of-yesterday' };
        localStorage.setItem('callbox.preferences', JSON.stringify(kept));
      }, null);
      await ana.open(`${program.origin}/r/another`);
      await joinFromPage(ana, 'Ana');
      await ben.open(`${program.origin}/r/another`);
      await joinFromPage(ben, 'Ben');
      expect(await waitForDevice(ana, 'video', (label) => label === camera)).toBe(camera);
      await expectMediaArrives(ben, 1, deadlineMs);
    },
  );

  test('can be joined without a camera, and without anything, and says why', async ({ stage }) => {
    const program = await stage.startProgram();
    const url = `${program.origin}/r/less`;
    const cleo = await stage.invite('chromium', 'Cleo', { cameras: 0 });
    await cleo.open(url);
    await cleo.waitForText('No camera found. Plug one in, or join without.');
    await joinFromPage(cleo, 'Cleo');
    const dora = await stage.invite('chromium', 'Dora', { devices: 'withheld' });
    await dora.open(url);
    await dora.click('button', 'Turn on camera and microphone');
    await dora.waitFor('button', 'Try again');
    expect(await dora.evaluate(() => document.querySelector('[role="alert"]')?.textContent, null)).toContain(
      'camera and microphone',
    );
    await joinFromPage(dora, 'Dora');
    await waitForPerson(
      dora,
      'Cleo',
      'with a voice and without a picture',
      ({ microphone, camera, link }) => microphone === 'on' && camera === 'off' && link === 'connected',
    );
    await waitForPerson(
      cleo,
      'Dora',
      'with neither',
      ({ microphone, camera, link }) => microphone === 'off' && camera === 'off' && link === 'connected',
    );
  });
});
