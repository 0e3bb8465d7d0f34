import { describe, expect } from 'vitest';
import type { Guest } from './browser/guest.ts';
import { enterCall, joinFromPage } from './call/enter-call.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

describe('chat', () => {
  test('lines go both ways in one order, and who comes later finds them all', async ({ stage }) => {
    const program = await stage.startProgram();
    const url = `${program.origin}/r/words`;
    const ana = await stage.invite('chromium', 'Ana');
    const ben = await stage.invite('chromium', 'Ben');
    await enterCall(ana, url, 'Ana');
    await enterCall(ben, url, 'Ben');
    await ana.click('button', 'Chat');
    await say(ana, 'Hello Ben <b>not bold</b>');
    await ben.waitFor('button', 'Chat, 1 new');
    await ben.click('button', 'Chat, 1 new');
    await waitForLines(ben, ['Hello Ben <b>not bold</b>']);
    await say(ben, '你好，Ana');
    await waitForLines(ana, ['Hello Ben <b>not bold</b>', '你好，Ana']);

    const dora = await stage.invite('chromium', 'Dora');
    await enterCall(dora, url, 'Dora');
    await dora.click('button', 'Chat, 2 new');
    await waitForLines(dora, ['Hello Ben <b>not bold</b>', '你好，Ana']);
    expect(await authors(ana)).toEqual(['self', 'other']);
    expect(await authors(dora)).toEqual(['other', 'other']);

    // Who goes and comes again has read what they had read, and wrote what they had written.
    await ana.click('button', 'Close chat');
    await ana.click('button', 'Leave');
    await ana.waitFor('button', 'Rejoin');
    await say(dora, 'Meanwhile');
    await ana.click('button', 'Rejoin');
    await ana.click('button', 'Chat, 1 new');
    await waitForLines(ana, ['Hello Ben <b>not bold</b>', '你好，Ana', 'Meanwhile']);
    expect(await authors(ana)).toEqual(['self', 'other', 'other']);
  });

  test('what is written while the server is away stands there at once, waits, and is said once', async ({
    stage,
  }) => {
    stage.expectProblem(/net::ERR_|WebSocket connection to|Failed to load resource/);
    const program = await stage.startProgram();
    const ana = await stage.invite('chromium', 'Ana');
    await enterCall(ana, `${program.origin}/r/waits`, 'Ana');
    await ana.click('button', 'Chat');
    await program.kill();
    await say(ana, 'While away');
    await ana.waitForText('Waiting to be sent');
    await waitForLines(ana, ['While away']);
    expect(await authors(ana)).toEqual(['self']);
    await program.revive();
    await until('the line to wait no longer', async () => {
      const seen = await isWaiting(ana);
      return seen ? { found: false, seen } : { found: true, value: null };
    });
    await waitForLines(ana, ['While away']);
    expect(await authors(ana)).toEqual(['self']);
  });

  test('the longest name without a break takes no control from anybody', async ({ stage }) => {
    const phone = { viewport: { width: 390, height: 844 } };
    const program = await stage.startProgram();
    const url = `${program.origin}/r/words`;
    const max = await stage.invite('chromium', 'Max');
    const ana = await stage.invite('chromium', 'Ana', phone);
    await enterCall(max, url, 'MaximilianeMustermannSchwarzenbachVonUndZuHubertBlaineWolfes');
    await ana.open(url);
    await ana.waitForText('MaximilianeMustermannSchwarzenbachVonUndZuHubertBlaineWolfes is here.');
    expect(await scrolls(ana)).toEqual({ across: 0, down: 0 });
    await joinFromPage(ana, 'Ana');
    await max.click('button', 'Chat');
    await say(max, 'x'.repeat(400));
    await ana.click('button', 'Chat, 1 new');
    await waitForLines(ana, ['xxx']);
    // The panel slides in.
    for (const guest of [max, ana]) await waitForAllInside(guest);
  });
});

/** By how much a page is larger than its window, in CSS pixels. */
function scrolls(guest: Guest): Promise<{ across: number; down: number }> {
  return guest.evaluate(() => {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
    return { across: scrollWidth - clientWidth, down: scrollHeight - clientHeight };
  }, null);
}

/** Waits until every button of the page is wholly in its window. */
async function waitForAllInside(guest: Guest): Promise<void> {
  await until(`${guest.label} to have every button in the window`, async () => {
    const outside = await guest.evaluate(
      () =>
        [...document.querySelectorAll('button')]
          .filter((button) => button.checkVisibility())
          .filter((button) => {
            const { left, right, top, bottom } = button.getBoundingClientRect();
            return left < 0 || right > window.innerWidth || top < 0 || bottom > window.innerHeight;
          })
          .map((button) => button.ariaLabel ?? button.textContent),
      null,
    );
    return outside.length === 0 ? { found: true, value: null } : { found: false, seen: outside };
  });
}

async function say(guest: Guest, text: string): Promise<void> {
  await guest.fill('textbox', 'Message', text);
  await guest.click('button', 'Send');
}

/** Waits until the log holds these texts, in this order, and no other. */
async function waitForLines(guest: Guest, texts: readonly string[]): Promise<void> {
  await until(`${guest.label} to read ${texts.length} lines`, async () => {
    const seen = await guest.evaluate(
      () => [...document.querySelectorAll('[role="log"] [data-author]')].map((line) => line.textContent),
      null,
    );
    const found = seen.length === texts.length && texts.every((text, place) => seen[place]?.includes(text));
    return found ? { found, value: null } : { found, seen };
  });
}

function authors(guest: Guest): Promise<(string | null)[]> {
  return guest.evaluate(
    () =>
      [...document.querySelectorAll('[role="log"] [data-author]')].map((line) =>
        line.getAttribute('data-author'),
      ),
    null,
  );
}

/** Whether the page shows a line as one that waits for the server. */
function isWaiting(guest: Guest): Promise<boolean> {
  return guest.evaluate(
    () =>
      [...document.querySelectorAll('[role="log"] p')].some(
        ({ textContent }) => textContent === 'Waiting to be sent',
      ),
    null,
  );
}
