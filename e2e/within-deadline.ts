import { setTimeout as sleep } from 'node:timers/promises';

/** The same promise, but for one that takes longer: that rejects. */
export async function withinDeadline<T>(promise: Promise<T>, deadlineMs: number): Promise<T> {
  const over = new AbortController();
  const late = sleep(deadlineMs, null, { signal: over.signal }).then(() => {
    throw new Error(`no answer within ${deadlineMs} ms`);
  });
  // Nobody waits for it any more where the promise was quicker.
  late.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    over.abort();
  }
}
