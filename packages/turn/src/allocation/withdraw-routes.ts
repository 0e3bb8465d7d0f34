import type { IpAddress } from '@callbox/stun';
import type { RouteChange } from '../plane/route-change.ts';
import type { Allocation } from './allocation.ts';

/** Takes permissions and channels away before their time, and says what the data plane has to withdraw. */
export function withdrawRoutes(
  allocation: Allocation,
  nowMs: number,
  isLost: (peer: IpAddress) => boolean,
): readonly RouteChange[] {
  const target = allocation;
  const changes: RouteChange[] = [];
  for (const [key, { peer }] of allocation.permissions) {
    if (!isLost(peer)) continue;
    allocation.permissions.delete(key);
    changes.push({ kind: 'forbid', relay: allocation.id, peer });
  }
  for (const binding of allocation.channels.values()) {
    const { channel, peer, isBound } = binding;
    if (!isBound || !isLost(peer)) continue;
    // As if it had expired: the client believes number and peer to be tied, so for a while they are.
    allocation.channels.set(channel, { ...binding, isBound: false, expiresAtMs: nowMs });
    changes.push({ kind: 'unbind-channel', relay: allocation.id, channel });
  }
  target.nextExpiryMs = Math.min(allocation.nextExpiryMs, nowMs);
  return changes;
}
