import type { IpAddress } from '@callbox/stun';
import type { TurnUser } from '../policy/peer-policy.ts';
import type { Control } from './control.ts';
import { failure, type MethodResult, type NeedsSocket } from './outcome.ts';
import type { AllocationRequest } from './verified-request.ts';

export type PeerVerdict =
  { readonly kind: 'reachable' } | Extract<MethodResult, { kind: 'failure' }> | NeedsSocket;

/** May this user reach this peer, as the rules are now? */
export function mayReach(control: Control, peer: IpAddress, user: TurnUser): boolean {
  return isOwnRelay(control, peer) || control.rules.policy.mayReach(peer, user);
}

function isOwnRelay(control: Control, peer: IpAddress): boolean {
  return control.settings.own.ownerOf(peer) === 'relay';
}

/**
 * May this allocation exchange packets with these peers, all of them? The one choke point: whatever leads to a
 * permission comes through here.
 *
 * Relay addresses of this server are always reachable, since two clients of one server must be able to meet; which of
 * their ports are, the data plane decides packet by packet. They need no socket.
 */
export function judgePeers(
  control: Control,
  { allocation, user }: AllocationRequest,
  peers: readonly IpAddress[],
): PeerVerdict {
  const families = new Set(allocation.ports.map(({ family }) => family));
  if (peers.some(({ family }) => !families.has(family))) return failure(443);
  const { account } = user;
  const denied = peers.find((peer) => !mayReach(control, peer, user));
  if (denied !== undefined) {
    return failure(403, { refusal: { reason: 'peer-not-allowed', account, peer: denied } });
  }
  const outside = peers.filter((peer) => !isOwnRelay(control, peer));

  const port = allocation.ports.find(
    ({ family, socket }) => socket !== 'open' && outside.some((peer) => peer.family === family),
  );
  if (port === undefined) return { kind: 'reachable' };
  return port.socket === 'refused'
    ? failure(508, { refusal: { reason: 'relay-port-taken', account } })
    : { kind: 'needs-socket', relay: allocation.id, family: port.family };
}
