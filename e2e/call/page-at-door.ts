import type { Browser, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';

/** A Chromium for pages that are measured as they are: with devices, of which a page may only have those that its context was granted. */
export async function launchForBarePages(): Promise<Browser> {
  const running = await launchChromium({ devices: 'withheld' });
  onTestFinished(() => running.close());
  return running.browser;
}

/** Waits until a page at the door has come to rest. */
export async function settleAtDoor(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('.preview__video--visible') !== null);
  // Later than anything that the page still has to say: who is inside, the meter.
  await page.waitForTimeout(1_500);
}

/** Presses Join, and waits until the call is drawn. */
export async function walkIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await page.getByRole('toolbar').waitFor();
}
