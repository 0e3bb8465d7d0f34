import { setTimeout as sleep } from 'node:timers/promises';

/** What one look found: the thing waited for, or what there was in its place. */
export type Look<TFound> =
  { readonly found: true; readonly value: TFound } | { readonly found: false; readonly seen: unknown };

const PAUSE_MS = 100;
/** Long: it is no measurement, and a machine that has much to run does everything that much later. */
const DEADLINE_MS = 60_000;

/**
 * Looks again and again until the thing is there.
 *
 * @param what says what is waited for, for the message of the error thrown past the deadline.
 */
export async function until<TFound>(
  what: string,
  look: () => Promise<Look<TFound>> | Look<TFound>,
  deadlineMs = DEADLINE_MS,
): Promise<TFound> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const result = await look();
    if (result.found) return result.value;
    if (performance.now() > end) {
      throw new Error(
        `waited ${deadlineMs} ms in vain for ${what}; last seen: ${JSON.stringify(result.seen, null, 1)}`,
      );
    }
    await sleep(PAUSE_MS);
  }
}
