import { fiveTupleOf } from '../allocation/allocation.ts';
import type { Instant } from '../auth/instant.ts';
import type { ClientPath } from '../plane/client-path.ts';
import type { Control } from './control.ts';
import { endAllocation } from './end-allocation.ts';
import { NO_EFFECTS, type Effects } from './outcome.ts';

/** A client's connection is closed, and with it ends the allocation made over it (RFC 8656 §6). */
export function handleClientGone(control: Control, now: Instant, client: ClientPath): Effects {
  const fiveTuple = fiveTupleOf(client);
  control.questions.forget(fiveTuple);
  const allocation = control.allocations.find(fiveTuple);
  if (allocation === undefined) return NO_EFFECTS;
  return endAllocation(control, now.monotonicMs, { allocation, cause: 'client-gone' });
}
