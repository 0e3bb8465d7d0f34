import type { Guest } from '../browser/guest.ts';

/** Makes the page believe that its tab was put into the background, or brought back. */
export function setSeen(guest: Guest, seen: boolean): Promise<void> {
  return guest.evaluate((visible) => {
    const state = visible ? 'visible' : 'hidden';
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
    document.dispatchEvent(new Event('visibilitychange'));
  }, seen);
}
