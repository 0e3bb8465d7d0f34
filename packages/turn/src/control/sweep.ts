import { expireRoutes } from '../allocation/expire-routes.ts';
import type { Instant } from '../auth/instant.ts';
import type { Control } from './control.ts';
import { endAllocation } from './end-allocation.ts';
import type { Effects } from './outcome.ts';

/** Ends whatever has outlived its time. One pass over everything, now and then, instead of a timer for each. */
export function sweep(control: Control, now: Instant): readonly Effects[] {
  const effects: Effects[] = [];
  for (const allocation of control.allocations.values()) {
    if (allocation.expiresAtMs <= now.monotonicMs) {
      effects.push(endAllocation(control, now.monotonicMs, { allocation, cause: 'expired' }));
    } else {
      const changes = expireRoutes(allocation, now.monotonicMs);
      if (changes.length > 0) effects.push({ changes, events: [] });
    }
  }
  return effects;
}
