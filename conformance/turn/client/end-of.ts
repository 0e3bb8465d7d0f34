import { setTimeout as delay } from 'node:timers/promises';
import type { TurnClient } from './turn-client.ts';

/** `ended` as soon as the server has ended the stream, `still open` after `withinMs`. */
export async function endOf(client: TurnClient, withinMs: number): Promise<'ended' | 'still open'> {
  const patience = new AbortController();
  const timeout = delay(withinMs, 'still open' as const, { signal: patience.signal });
  // Aborted once the race is over, and then nobody looks at it.
  timeout.catch(() => undefined);
  const outcome = await Promise.race([client.ended.then(() => 'ended' as const), timeout]);
  patience.abort();
  return outcome;
}
