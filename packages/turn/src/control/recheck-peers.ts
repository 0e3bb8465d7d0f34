import type { IpAddress } from '@callbox/stun';
import type { Allocation } from '../allocation/allocation.ts';
import type { Instant } from '../auth/instant.ts';
import type { RouteChange } from '../plane/route-change.ts';
import type { Control } from './control.ts';
import { mayReach } from './judge-peers.ts';
import type { Effects } from './outcome.ts';

/**
 * Holds what lives against the rules as they are now, after they have changed: permissions and channels that would no
 * longer be given are withdrawn. Everything else stays as it was.
 */
export function recheckPeers(control: Control, now: Instant): readonly Effects[] {
  return Array.from(control.allocations.values(), (allocation) => ({
    changes: withdraw(allocation, now, (peer) => mayReach(control, peer, allocation.owner)),
    events: [],
  })).filter(({ changes }) => changes.length > 0);
}

function withdraw(
  allocation: Allocation,
  now: Instant,
  isReachable: (peer: IpAddress) => boolean,
): readonly RouteChange[] {
  const target = allocation;
  const changes: RouteChange[] = [];
  for (const [key, { peer }] of allocation.permissions) {
    if (isReachable(peer)) continue;
    allocation.permissions.delete(key);
    changes.push({ kind: 'forbid', relay: allocation.id, peer });
  }
  for (const binding of allocation.channels.values()) {
    const { channel, peer, isBound } = binding;
    if (!isBound || isReachable(peer)) continue;
    // As if it had expired: the client believes number and peer to be tied, so for a while they are.
    allocation.channels.set(channel, { ...binding, isBound: false, expiresAtMs: now.monotonicMs });
    changes.push({ kind: 'unbind-channel', relay: allocation.id, channel });
  }
  target.nextExpiryMs = Math.min(allocation.nextExpiryMs, now.monotonicMs);
  return changes;
}
