import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { PHONE_VIEWPORT, type Guest, type Role } from './browser/guest.ts';
import { enterCall, joinFromPage, startCall } from './call/enter-call.ts';
import { writeHum } from './media/write-hum.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

const unsentWords = 'What you wrote is not sent yet. Go back once more to leave the call.';
const mutedWords = 'You are muted: nobody hears you.';

/** Whether the page would have its browser ask before it goes. */
function wouldAsk(guest: Guest): Promise<boolean> {
  return guest.evaluate(() => {
    const event = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(event);
    return event.defaultPrevented;
  }, null);
}

function waitForGuard(guest: Guest, isUp: boolean): Promise<null> {
  return until(`${guest.label} to ${isUp ? '' : 'not '}be asked before the page goes`, async () => {
    const found = (await wouldAsk(guest)) === isUp;
    return found ? { found, value: null } : { found, seen: !isUp };
  });
}

/** Whether the microphone is on, by what the page says of this person. */
function isOn(guest: Guest): Promise<boolean> {
  return guest.evaluate(
    () => document.querySelector<HTMLElement>('li[data-self]')?.dataset['audio'] === 'on',
    null,
  );
}

function waitUntilGone(guest: Guest, role: Role, name: string): Promise<null> {
  return until(`the ${role} "${name}" to be gone`, async () => {
    const count = await guest.count(role, name);
    return count === 0 ? { found: true, value: null } : { found: false, seen: count };
  });
}

function waitForMicrophone(guest: Guest, on: boolean): Promise<null> {
  return until(`the microphone of ${guest.label} to be ${on ? 'on' : 'off'}`, async () => {
    const found = (await isOn(guest)) === on;
    return found ? { found, value: null } : { found, seen: !on };
  });
}

describe('a page that knows what people do', () => {
  test('tells who speaks that they are muted, and is silent about it otherwise', async ({ stage }) => {
    const folder = await mkdtemp(join(tmpdir(), 'callbox-hum-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const microphoneFile = join(folder, 'hum.wav');
    await writeHum(microphoneFile);
    const program = await stage.startProgram();
    const ana = await stage.invite('chromium', 'Ana', { microphoneFile });
    await enterCall(ana, `${program.origin}/r/habits`, 'Ana');
    await waitForMicrophone(ana, true);
    expect(await shows(ana, mutedWords)).toBe(false);
    await ana.click('switch', 'Mic');
    await ana.waitForText(mutedWords);
    await ana.click('switch', 'Mic');
    await until('nothing to be said any more', async () => {
      const found = !(await shows(ana, mutedWords));
      return found ? { found, value: null } : { found, seen: null };
    });
  });

  test('lets the browser ask only while something would be lost, and keys be switched off', async ({
    stage,
  }) => {
    const program = await stage.startProgram();
    const ana = await stage.invite('chromium', 'Ana');
    await enterCall(ana, `${program.origin}/r/habits`, 'Ana');
    await waitForGuard(ana, false);
    await ana.press('c');
    await ana.fill('textbox', 'Message', 'Half a sente');
    await waitForGuard(ana, true);
    await ana.fill('textbox', 'Message', '');
    await waitForGuard(ana, false);
    await ana.press('Escape');

    await waitForMicrophone(ana, true);
    await ana.press('m');
    await waitForMicrophone(ana, false);
    await ana.press('?');
    await ana.click('checkbox', 'Use single-key shortcuts');
    await ana.press('Escape');
    await ana.press('m');
    // "?" stays: by the time that its sheet is there, the key before it has been dealt with.
    await ana.press('?');
    await ana.waitFor('checkbox', 'Use single-key shortcuts');
    expect(await isOn(ana)).toBe(false);
    // The page remembers.
    await ana.press('Escape');
    await ana.reload();
    await ana.waitFor('toolbar', 'Call controls');
    await ana.press('m');
    await ana.press('?');
    await ana.waitFor('checkbox', 'Use single-key shortcuts');
    expect(await isOn(ana)).toBe(false);
    await ana.click('checkbox', 'Use single-key shortcuts');
    await ana.press('Escape');
    await ana.press('m');
    await waitForMicrophone(ana, true);
  });
});

describe('Back in a call', () => {
  test('closes what is open, then says what would be lost, and only then leaves', async ({ stage }) => {
    const program = await stage.startProgram();
    const ana = await stage.invite('chromium', 'Ana');
    const url = await startCall(ana, program.origin, 'Ana');
    await ana.click('button', 'Chat');
    await ana.fill('textbox', 'Message', 'Half a sente');
    await waitForGuard(ana, true);

    await goBack(ana);
    await waitUntilGone(ana, 'textbox', 'Message');
    await waitForAddress(ana, url);
    expect(await shows(ana, unsentWords)).toBe(false);

    await goBack(ana);
    await ana.waitForText(unsentWords);
    await waitForAddress(ana, url);
    expect(await ana.count('toolbar', 'Call controls')).toBe(1);
    await ana.click('button', 'Chat');
    expect(await draftOf(ana)).toBe('Half a sente');
    await goBack(ana);

    // Said once, and gone once more.
    await ana.waitForText(unsentWords);
    await goBack(ana);
    await ana.waitFor('button', 'Start a call');
    await waitForAddress(ana, `${program.origin}/`);
    await ana.evaluate(() => history.forward(), null);
    await waitForAddress(ana, url);
    await joinFromPage(ana, 'Ana');

    // With nothing to lose, nobody is held up.
    await goBack(ana);
    await ana.waitFor('button', 'Start a call');
  });

  test('closes what covers the call when the platform asks, as Android does on Back', async ({ stage }) => {
    const program = await stage.startProgram();
    const ana = await stage.invite('chromium', 'Ana', { viewport: PHONE_VIEWPORT });
    await enterCall(ana, `${program.origin}/r/habits`, 'Ana');
    await ana.click('button', 'Chat');
    await ana.waitFor('textbox', 'Message');
    // Escape is what Chromium on a desktop takes for that request. The panel itself hears it only while the keyboard is in it.
    await ana.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    }, null);
    await ana.press('Escape');
    await waitUntilGone(ana, 'textbox', 'Message');
    expect(await ana.count('toolbar', 'Call controls')).toBe(1);
  });
});

function goBack(guest: Guest): Promise<void> {
  return guest.evaluate(() => history.back(), null);
}

function draftOf(guest: Guest): Promise<string | undefined> {
  return guest.evaluate(() => document.querySelector('textarea')?.value, null);
}

function waitForAddress(guest: Guest, url: string): Promise<null> {
  return until(`the address to be ${url}`, () => {
    const seen = guest.url();
    return seen === url ? { found: true, value: null } : { found: false, seen };
  });
}

/** Whether these words are to be seen. What screen readers were told stays where they were told it. */
function shows(guest: Guest, words: string): Promise<boolean> {
  return guest.evaluate(
    (wanted) =>
      [...document.querySelectorAll<HTMLElement>('body *')].some(
        (element) =>
          element.childElementCount === 0 &&
          element.closest('[aria-live], .visually-hidden') === null &&
          element.textContent.includes(wanted) &&
          element.checkVisibility(),
      ),
    words,
  );
}
