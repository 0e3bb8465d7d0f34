import type { IpAddress } from '@callbox/stun';
import { addressKey } from './address-key.ts';
import type { Allocation, Permission } from './allocation.ts';

/** True when all these peers fit beside those there are, refreshed ones not counted twice. */
export function permissionsFit(
  allocation: Allocation,
  peers: readonly IpAddress[],
  maxPermissions: number,
): boolean {
  // Mostly there is room for all of them, whether they are known or not.
  if (allocation.permissions.size + peers.length <= maxPermissions) return true;
  const keys = new Set(peers.map(addressKey));
  for (const key of allocation.permissions.keys()) keys.add(key);
  return keys.size <= maxPermissions;
}

/** Installs or refreshes one permission; true when it is new (RFC 8656 §9). */
export function installPermission(allocation: Allocation, permission: Permission): boolean {
  const target = allocation;
  const key = addressKey(permission.peer);
  const isNew = !allocation.permissions.has(key);
  allocation.permissions.set(key, permission);
  target.nextExpiryMs = Math.min(allocation.nextExpiryMs, permission.expiresAtMs);
  return isNew;
}
