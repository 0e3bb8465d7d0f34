import { setTimeout as wait } from 'node:timers/promises';

const DEADLINE_MS = 5000;
const STEP_MS = 5;

/** Waits until something holds; fails when it does not come to hold in time, of which a busy machine gets more. */
export async function eventually(
  holds: () => boolean,
  what = 'the condition',
  deadlineMs = DEADLINE_MS,
): Promise<void> {
  for (let waitedMs = 0; !holds(); waitedMs += STEP_MS) {
    if (waitedMs > deadlineMs) throw new Error(`${what} did not come to hold`);
    await wait(STEP_MS);
  }
}
