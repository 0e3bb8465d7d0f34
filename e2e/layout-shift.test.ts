import type { Browser, Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { DEFAULT_VIEWPORT } from './browser/guest.ts';
import { launchForBarePages, settleAtDoor, walkIn } from './call/page-at-door.ts';
import { test } from './stage.ts';

async function openPage(browser: Browser, url: string, devices: 'granted' | 'asked'): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-US', viewport: DEFAULT_VIEWPORT });
  if (devices === 'granted') await context.grantPermissions(['camera', 'microphone']);
  await context.addInitScript(watchShifts);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** Runs in the page before its own scripts. */
function watchShifts(): void {
  const shifts: string[] = [];
  Object.assign(window, { callboxShifts: shifts });
  interface Shift extends PerformanceEntry {
    readonly value: number;
    readonly sources: readonly { readonly node: Node | null }[];
  }
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as Shift[]) {
      const moved = entry.sources.map(({ node }) =>
        node instanceof Element ? node.outerHTML.slice(0, 80) : (node?.nodeName ?? 'something gone'),
      );
      shifts.push(`${entry.value} after ${Math.round(entry.startTime)} ms: ${moved.join(' and ')}`);
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

function readShifts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => (window as unknown as { callboxShifts: readonly string[] }).callboxShifts);
}

describe('the page before the call', () => {
  test('never moves under the pointer of one who comes back', async ({ stage }) => {
    const program = await stage.startProgram();
    const browser = await launchForBarePages();
    await walkIn(await openPage(browser, `${program.origin}/r/calm`, 'granted'));
    const page = await openPage(browser, `${program.origin}/r/calm`, 'granted');
    await settleAtDoor(page);
    expect(await readShifts(page)).toEqual([]);
  });

  test('never moves under the pointer of one who is here for the first time, also when the devices come', async ({
    stage,
  }) => {
    const program = await stage.startProgram();
    const page = await openPage(await launchForBarePages(), `${program.origin}/r/calm`, 'asked');
    const ask = page.getByRole('button', { name: 'Turn on camera and microphone' });
    await ask.waitFor();
    await page.waitForTimeout(1_500);
    expect(await readShifts(page)).toEqual([]);
    // The answer to the browser's question.
    await page.context().grantPermissions(['camera', 'microphone']);
    await ask.click();
    await settleAtDoor(page);
    expect(await readShifts(page)).toEqual([]);
  });
});
