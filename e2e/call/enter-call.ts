import type { Guest } from '../browser/guest.ts';
import { until } from '../until.ts';

/** Opens a room's address, gives a name and joins; resolves in the call. */
export async function enterCall(guest: Guest, url: string, displayName: string): Promise<void> {
  await guest.open(url);
  await joinFromPage(guest, displayName);
}

/** Gives a name on the page before the call and joins; resolves in the call. */
export async function joinFromPage(guest: Guest, displayName: string): Promise<void> {
  await guest.fill('textbox', 'Your name', displayName);
  await guest.click('button', 'Join');
  await guest.waitFor('toolbar', 'Call controls');
}

/** Starts a call from the first page, as the person who has the idea. @returns the link to share. */
export async function startCall(guest: Guest, origin: string, displayName: string): Promise<string> {
  await guest.open(origin);
  await guest.click('button', 'Start a call');
  await until('the address of a room', () => {
    const url = guest.url();
    return /\/r\/./.test(url) ? { found: true, value: url } : { found: false, seen: url };
  });
  await joinFromPage(guest, displayName);
  return guest.url();
}
