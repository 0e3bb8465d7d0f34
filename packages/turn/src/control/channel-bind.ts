import { readAttribute } from '@callbox/stun';
import { channelOccupancy, installChannel } from '../allocation/channels.ts';
import { permissionsFit } from '../allocation/permissions.ts';
import type { Instant } from '../auth/instant.ts';
import { CHANNEL_NUMBER, channelNumber } from '../codec/channel-number.ts';
import { xorPeerAddress } from '../codec/xor-peer-address.ts';
import type { RouteChange } from '../plane/route-change.ts';
import type { Control } from './control.ts';
import { judgePeers } from './judge-peers.ts';
import { failure, success, type MethodResult } from './outcome.ts';
import { permit } from './permit.ts';
import type { AllocationRequest } from './verified-request.ts';

/** ChannelBind (RFC 8656 §12.2): binds or refreshes a channel, and the permission for its peer with it. */
export function handleChannelBind(control: Control, now: Instant, request: AllocationRequest): MethodResult {
  const { allocation, message } = request;
  const { account } = request.user;
  const { limits, lifetimes, own } = control.settings;
  const number = readAttribute(message, channelNumber);
  const peerReading = readAttribute(message, xorPeerAddress);
  if (number.kind !== 'present' || peerReading.kind !== 'present') return failure(400);
  const channel = number.value;
  const peer = peerReading.value;
  if (channel < CHANNEL_NUMBER.min || channel > CHANNEL_NUMBER.max || peer.port === 0) return failure(400);
  const occupancy = channelOccupancy(allocation, channel, peer);
  if (occupancy === 'taken') return failure(400);
  if (own.isService(peer)) return failure(403, { refusal: { reason: 'own-service', account, peer } });

  const verdict = judgePeers(control, request, [peer]);
  if (verdict.kind !== 'reachable') return verdict;
  if (occupancy === 'free' && allocation.channels.size >= limits.channelsPerAllocation) {
    return failure(508, { refusal: { reason: 'channel-limit', account } });
  }
  if (!permissionsFit(allocation, [peer], limits.permissionsPerAllocation)) {
    return failure(508, { refusal: { reason: 'permission-limit', account } });
  }
  const permitted = permit(control, now, { allocation, peers: [peer] });
  const expiresAtMs = now.monotonicMs + lifetimes.channelSeconds * 1000;
  const heldUntilMs = expiresAtMs + lifetimes.channelHoldSeconds * 1000;
  const isNew = installChannel(allocation, channel, { peer, expiresAtMs, heldUntilMs });
  if (!isNew) return success([], { changes: permitted, events: [] });
  const bound: RouteChange = { kind: 'bind-channel', relay: allocation.id, channel, peer };
  return success([], { changes: permitted.concat(bound), events: [] });
}
