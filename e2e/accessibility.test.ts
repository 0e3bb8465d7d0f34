import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import { describe, expect } from 'vitest';
import { en } from '../apps/web/src/locales/en.ts';
import { zhCN } from '../apps/web/src/locales/zh-cn.ts';
import type { ChromiumGuest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { expectMediaPlays } from './media/see-and-hear.ts';
import { test } from './stage.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const looks = (['light', 'dark'] as const).flatMap((colorScheme) => [
  { colorScheme, viewport: { width: 1280, height: 800 } },
  { colorScheme, viewport: { width: 375, height: 740 } },
]);

/** Asserts that axe finds nothing on this screen: in light and dark, on a desktop and on a phone. */
async function expectAccessible(guest: ChromiumGuest, screen: string): Promise<void> {
  for (const look of looks) {
    await guest.appear(look);
    const found = await findBarriers(guest);
    expect(found, `${screen}, ${look.colorScheme}, ${look.viewport.width} wide`).toEqual([]);
  }
  await guest.appear({ colorScheme: 'light', viewport: { width: 1280, height: 800 } });
}

async function findBarriers(guest: ChromiumGuest): Promise<string[]> {
  await guest.run(axeSource);
  return guest.evaluate(async () => {
    // What moves is looked at where it comes to rest.
    const ending = document
      .getAnimations()
      .filter((animation) => animation.effect?.getTiming().iterations !== Infinity);
    await Promise.allSettled(ending.map((animation) => animation.finished));
    const { axe } = window as unknown as { axe: { run(): Promise<AxeResults> } };
    const { violations } = await axe.run();
    return violations.map(
      ({ id, help, nodes }) => `${id} (${help}): ${nodes.map((node) => node.html).join(' ')}`,
    );
  }, null);
}

describe('axe finds no barrier on any screen', () => {
  test('and would, if there were one', async ({ stage }) => {
    const program = await stage.startProgram();
    const ana = await stage.invite('chromium', 'Ana');
    await ana.open(program.origin);
    await ana.waitFor('button', en['home.start']);
    await ana.evaluate(() => document.querySelector('main')?.append(document.createElement('button')), null);
    await expect(findBarriers(ana)).resolves.toEqual([expect.stringContaining('button-name')]);
  });

  test.for([
    { locale: 'en-US', words: en },
    { locale: 'zh-CN', words: zhCN },
  ])('in $locale, light and dark, desktop and phone', async ({ locale, words }, { stage }) => {
    const program = await stage.startProgram({ flags: ['--max-participants', '2'] });
    const ana = await stage.invite('chromium', 'Ana', { locale });
    await ana.open(program.origin);
    await ana.waitFor('button', words['home.start']);
    await expectAccessible(ana, 'home');

    await ana.open(`${program.origin}/r/-`);
    await ana.waitFor('heading', words['badRoom.heading']);
    await expectAccessible(ana, 'a link that leads nowhere');

    stage.expectProblem(/status of 404/);
    await ana.open(`${program.origin}/nowhere`);
    await ana.waitFor('heading', words['nowhere.heading']);
    await expectAccessible(ana, 'an address that is no page of ours');

    const url = `${program.origin}/r/open`;
    await ana.open(url);
    await ana.waitFor('textbox', words['preJoin.name']);
    await ana.waitFor('switch', words['device.camera']);
    await ana.fill('textbox', words['preJoin.name'], 'Ana');
    await expectAccessible(ana, 'before the call, with a picture of oneself');
    await ana.click('button', words['preJoin.join']);
    await ana.waitFor('region', words['call.alone.heading']);
    await expectAccessible(ana, 'alone in the call');

    const ben = await stage.invite('chromium', 'Ben');
    await enterCall(ben, url, 'Ben');
    await expectMediaPlays(ana, 1);
    await expectAccessible(ana, 'in the call');
    await ana.click('button', words['call.chat']);
    await ana.fill('textbox', words['chat.field'], 'Hello');
    await ana.click('button', words['chat.send']);
    await expectAccessible(ana, 'in the call, chat open');

    const dora = await stage.invite('chromium', 'Dora', { locale });
    await dora.open(url);
    await dora.fill('textbox', words['preJoin.name'], 'Dora');
    await dora.click('button', words['preJoin.join']);
    await dora.waitFor('button', words['app.tryAgain']);
    await expectAccessible(dora, 'before a room that is full');

    const eve = await stage.invite('chromium', 'Eve', { locale, devices: 'withheld' });
    await eve.open(`${program.origin}/r/other`);
    await eve.waitFor('button', words['preJoin.ask']);
    await expectAccessible(eve, 'before the call, devices not asked for');
    await eve.click('button', words['preJoin.ask']);
    await eve.waitFor('button', words['app.tryAgain']);
    await expectAccessible(eve, 'before the call, devices refused');

    await ana.click('button', words['chat.close']);
    await ana.click('button', words['call.leave']);
    await ana.waitFor('heading', words['left.heading']);
    await expectAccessible(ana, 'after the call');
  });
});
