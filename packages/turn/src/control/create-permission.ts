import { readAllAttributes } from '@callbox/stun';
import { permissionsFit } from '../allocation/permissions.ts';
import type { Instant } from '../auth/instant.ts';
import { xorPeerAddress } from '../codec/xor-peer-address.ts';
import type { Control } from './control.ts';
import { judgePeers } from './judge-peers.ts';
import { failure, success, type MethodResult } from './outcome.ts';
import { permit } from './permit.ts';
import type { AllocationRequest } from './verified-request.ts';

/** CreatePermission (RFC 8656 §10.2): every peer in it, or none. Ports do not count. */
export function handleCreatePermission(
  control: Control,
  now: Instant,
  request: AllocationRequest,
): MethodResult {
  const { allocation, message } = request;
  const peers = readAllAttributes(message, xorPeerAddress);
  if (peers.kind !== 'present') return failure(400);
  const verdict = judgePeers(control, request, peers.value);
  if (verdict.kind !== 'reachable') return verdict;
  if (!permissionsFit(allocation, peers.value, control.settings.limits.permissionsPerAllocation)) {
    return failure(508, { refusal: { reason: 'permission-limit', account: request.user.account } });
  }
  return success([], { changes: permit(control, now, { allocation, peers: peers.value }), events: [] });
}
