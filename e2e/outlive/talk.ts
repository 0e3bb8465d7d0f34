import type { Guest } from '../browser/guest.ts';
import { until } from '../until.ts';

/** Opens the chat of a guest. */
export async function openChat(guest: Guest): Promise<void> {
  await guest.click('button', 'Chat');
  await guest.waitFor('textbox', 'Message');
}

/** Says a line, and does not wait for it to arrive. */
export async function say(guest: Guest, text: string): Promise<void> {
  await guest.fill('textbox', 'Message', text);
  await guest.click('button', 'Send');
}

/** Waits until the chat of each guest holds these lines, in this order, and no other. */
export async function waitForLines(
  guests: readonly Guest[],
  texts: readonly string[],
  deadlineMs?: number,
): Promise<void> {
  for (const guest of guests) {
    await until(
      `${guest.label} to read ${texts.join(', ')}`,
      async () => {
        const seen = await readLines(guest);
        const found =
          seen.length === texts.length && texts.every((text, place) => seen[place]?.includes(text));
        return found ? { found, value: null } : { found, seen };
      },
      deadlineMs,
    );
  }
}

function readLines(guest: Guest): Promise<string[]> {
  return guest.evaluate(
    () => [...document.querySelectorAll('[role="log"] [data-author]')].map((line) => line.textContent),
    null,
  );
}
