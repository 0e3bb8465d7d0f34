import { describe } from 'vitest';
import type { Guest, Role } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { waitForPeople, waitForPerson } from './call/people.ts';
import { expectEveryoneSeesAndHears } from './media/see-and-hear.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

/** More stops than any screen has: past them, the control cannot be reached. */
const MOST_STOPS = 40;

describe('with a keyboard alone', () => {
  test('one gets from home into a call, through it, and out again', async ({ stage }) => {
    const program = await stage.startProgram();
    const ana = await stage.invite('chromium', 'Ana');
    await ana.open(program.origin);
    await ana.waitFor('button', 'Start a call');
    await tabTo(ana, 'button', 'Start a call');
    await ana.press('Enter');

    await ana.waitFor('textbox', 'Your name');
    await tabTo(ana, 'textbox', 'Your name');
    for (const letter of 'Ana') await ana.press(letter);
    await tabTo(ana, 'button', 'Join');
    await ana.press('Enter');
    await ana.waitFor('toolbar', 'Call controls');

    const ben = await stage.invite('chromium', 'Ben');
    await enterCall(ben, ana.url(), 'Ben');
    await expectEveryoneSeesAndHears([ana, ben]);

    // A toolbar is one stop of Tab; the arrows move within it.
    await tabInto(ana, 'Call controls');
    await arrowTo(ana, 'switch', 'Mic');
    await ana.press('Space');
    await waitForPerson(ben, 'Ana', 'muted', (person) => person.microphone === 'off');
    await arrowTo(ana, 'button', 'Chat');
    await ana.press('Enter');
    await until('the keyboard to be at the message', () => at(ana, 'textbox', 'Message'));
    for (const letter of 'Hi') await ana.press(letter);
    await ana.press('Enter');
    await ben.waitFor('button', 'Chat, 1 new');
    await ana.press('Escape');
    await tabInto(ana, 'Call controls');
    await arrowTo(ana, 'button', 'Leave');
    await ana.press('Enter');
    await ana.waitFor('heading', 'You left the call');
    await waitForPeople(ben, 1);
    await tabTo(ana, 'button', 'Back to start');
    await ana.press('Enter');
    await ana.waitFor('heading', 'A call, on your own machine.');
  });
});

async function at(guest: Guest, role: Role, name: string) {
  const found = await guest.hasFocus(role, name);
  return found ? ({ found, value: null } as const) : ({ found, seen: await describeFocus(guest) } as const);
}

async function tabTo(guest: Guest, role: Role, name: string): Promise<void> {
  await walk(guest, 'Tab', () => guest.hasFocus(role, name), `${role} ${name}`);
}

async function arrowTo(guest: Guest, role: Role, name: string): Promise<void> {
  await walk(guest, 'ArrowRight', () => guest.hasFocus(role, name), `${role} ${name}`);
}

async function tabInto(guest: Guest, toolbar: string): Promise<void> {
  const isInside = () =>
    guest.evaluate(
      (label) => document.activeElement?.closest('[role="toolbar"]')?.getAttribute('aria-label') === label,
      toolbar,
    );
  await walk(guest, 'Tab', isInside, `toolbar ${toolbar}`);
}

/** Presses a key until the keyboard has arrived. */
async function walk(
  guest: Guest,
  key: string,
  hasArrived: () => Promise<boolean>,
  where: string,
): Promise<void> {
  const stops: string[] = [];
  while (!(await hasArrived())) {
    if (stops.length === MOST_STOPS)
      throw new Error(`${key} does not lead to ${where}, but to: ${stops.join(', ')}`);
    await guest.press(key);
    stops.push(await describeFocus(guest));
  }
}

function describeFocus(guest: Guest): Promise<string> {
  return guest.evaluate(() => {
    const element = document.activeElement;
    const words = element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    return `${element?.tagName ?? 'nothing'} ${words.replace(/\s+/g, ' ').trim().slice(0, 40)}`;
  }, null);
}
