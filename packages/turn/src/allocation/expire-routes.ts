import type { RouteChange } from '../plane/route-change.ts';
import { transportAddressKey } from './address-key.ts';
import type { Allocation } from './allocation.ts';

/** Forgets permissions and channels whose time is over, and says what the data plane has to withdraw. */
export function expireRoutes(allocation: Allocation, nowMs: number): readonly RouteChange[] {
  if (allocation.nextExpiryMs > nowMs) return [];
  const target = allocation;
  const changes: RouteChange[] = [];
  let nextExpiryMs = allocation.expiresAtMs;

  for (const [key, { peer, expiresAtMs }] of allocation.permissions) {
    if (expiresAtMs <= nowMs) {
      allocation.permissions.delete(key);
      changes.push({ kind: 'forbid', relay: allocation.id, peer });
    } else {
      nextExpiryMs = Math.min(nextExpiryMs, expiresAtMs);
    }
  }
  for (const binding of allocation.channels.values()) {
    const { channel, peer, expiresAtMs, heldUntilMs, isBound } = binding;
    if (heldUntilMs <= nowMs) {
      allocation.channels.delete(channel);
      allocation.channelByPeer.delete(transportAddressKey(peer));
    } else if (expiresAtMs <= nowMs) {
      allocation.channels.set(channel, { ...binding, isBound: false });
    }
    if (isBound && expiresAtMs <= nowMs)
      changes.push({ kind: 'unbind-channel', relay: allocation.id, channel });
    if (heldUntilMs > nowMs)
      nextExpiryMs = Math.min(nextExpiryMs, expiresAtMs > nowMs ? expiresAtMs : heldUntilMs);
  }
  target.nextExpiryMs = nextExpiryMs;
  return changes;
}
