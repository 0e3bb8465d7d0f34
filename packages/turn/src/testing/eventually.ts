import { setTimeout as wait } from 'node:timers/promises';

const DEADLINE_MS = 5000;
const STEP_MS = 5;

/** Waits until something holds; fails when it does not come to hold in time. */
export async function eventually(holds: () => boolean, what = 'the condition'): Promise<void> {
  for (let waitedMs = 0; !holds(); waitedMs += STEP_MS) {
    if (waitedMs > DEADLINE_MS) throw new Error(`${what} did not come to hold`);
    await wait(STEP_MS);
  }
}
