import type { Instant } from '../auth/instant.ts';
import { withdrawRoutes } from '../allocation/withdraw-routes.ts';
import type { Control } from './control.ts';
import { mayReach } from './judge-peers.ts';
import type { Effects } from './outcome.ts';

/**
 * Holds what lives against the rules as they are now, after they have changed: permissions and channels that would no
 * longer be given are withdrawn. Everything else stays as it was.
 */
export function recheckPeers(control: Control, now: Instant): readonly Effects[] {
  return Array.from(control.allocations.values(), (allocation) => ({
    changes: withdrawRoutes(
      allocation,
      now.monotonicMs,
      (peer) => !mayReach(control, peer, allocation.owner),
    ),
    events: [],
  })).filter(({ changes }) => changes.length > 0);
}
