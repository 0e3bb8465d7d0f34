import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe } from 'vitest';
import type { ChromiumGuest } from '../browser/guest.ts';
import { enterCall } from '../call/enter-call.ts';
import { waitForPerson } from '../call/people.ts';
import { samplePlayback } from '../media/playback-sample.ts';
import { expectEveryoneSeesAndHears } from '../media/see-and-hear.ts';
import { test } from '../stage.ts';
import { until } from '../until.ts';
import { buildPaintedCamera } from './painted-camera.ts';

const images = join(import.meta.dirname, '../../docs/images');
const names = ['Ana', '小宝', 'Ben', 'Dora'];
/** Narrower than that, a picture looks as calls do in their first seconds. */
const goodWidth = 480;

describe('the pictures of the documentation', () => {
  test('a call of four, on a desk and on a phone', async ({ stage }) => {
    await mkdir(images, { recursive: true });
    const program = await stage.startProgram();
    const guests: ChromiumGuest[] = [];
    for (const [look, name] of names.entries()) {
      const scriptBeforePage = await buildPaintedCamera(look);
      const guest = await stage.invite('chromium', name, { colorScheme: 'dark', scriptBeforePage });
      await enterCall(guest, `${program.origin}/r/standup`, name);
      guests.push(guest);
    }
    await expectEveryoneSeesAndHears(guests);
    const [ana, , ben] = guests;
    if (ana === undefined || ben === undefined) throw new Error('nobody came');
    await ben.click('switch', 'Mic');
    await waitForPerson(ana, 'Ben', 'muted', (person) => person.microphone === 'off');
    await waitForGoodPictures(ana);
    await ana.screenshot(`${join(images, 'call')}.png`);
    await ana.appear({ colorScheme: 'dark', viewport: { width: 390, height: 844 } });
    await waitForGoodPictures(ana);
    await ana.screenshot(`${join(images, 'call-phone')}.png`);
  });
});

async function waitForGoodPictures(guest: ChromiumGuest): Promise<void> {
  await until(
    'pictures worth keeping',
    async () => {
      const { pictures } = await samplePlayback(guest);
      const found = pictures.every(({ width }) => width >= goodWidth);
      return found ? { found, value: null } : { found, seen: pictures };
    },
    60_000,
  );
}
