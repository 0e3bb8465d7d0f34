import type { IpAddress } from '@callbox/stun';
import type { RelayedPort } from '../allocation/allocation.ts';
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
  const { account } = user;
  let missing: RelayedPort | undefined;
  for (const { family } of peers) {
    if (!allocation.ports.some((port) => port.family === family)) return failure(443);
  }
  for (const peer of peers) {
    if (isOwnRelay(control, peer)) continue;
    if (!control.rules.policy.mayReach(peer, user)) {
      return failure(403, { refusal: { reason: 'peer-not-allowed', account, peer } });
    }
    const port = allocation.ports.find(({ family }) => family === peer.family);
    if (port !== undefined && port.socket !== 'open') missing ??= port;
  }
  if (missing === undefined) return REACHABLE;
  return missing.socket === 'refused'
    ? failure(508, { refusal: { reason: 'relay-port-taken', account } })
    : { kind: 'needs-socket', relay: allocation.id, family: missing.family };
}

const REACHABLE: PeerVerdict = { kind: 'reachable' };
