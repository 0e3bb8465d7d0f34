import type { IpAddress } from '@callbox/stun';
import type { Allocation } from '../allocation/allocation.ts';
import { installPermission } from '../allocation/permissions.ts';
import type { Instant } from '../auth/instant.ts';
import type { RouteChange } from '../plane/route-change.ts';
import type { Control } from './control.ts';

/** Installs or refreshes the permissions for peers that have been judged. */
export function permit(
  control: Control,
  now: Instant,
  { allocation, peers }: { readonly allocation: Allocation; readonly peers: readonly IpAddress[] },
): readonly RouteChange[] {
  const expiresAtMs = now.monotonicMs + control.settings.lifetimes.permissionSeconds * 1000;
  const changes: RouteChange[] = [];
  for (const { family, address } of peers) {
    const peer: IpAddress = { family, address };
    if (installPermission(allocation, { peer, expiresAtMs }))
      changes.push({ kind: 'permit', relay: allocation.id, peer });
  }
  return changes;
}
