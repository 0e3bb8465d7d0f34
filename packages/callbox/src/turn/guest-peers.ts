import type { TurnEvent } from '@callbox/turn';
import { addressOfOctets, canonicalAddress } from '../network/canonical-address.ts';
import { parseGuestAccount } from './guest-name.ts';
import { createRoomAddresses } from './room-addresses.ts';

/**
 * How long an address counts after the last trace of it. Long enough for a member who loses the connection and comes
 * back, whose calls go on meanwhile and refresh their permissions; an installed permission runs out by itself in five
 * minutes, so that media are not cut the moment somebody's browser blinks.
 */
const lingerMs = 60_000;

/** Somebody entered or left a room, and the address from which signaling was reached. */
export interface Presence {
  readonly kind: 'entered' | 'left';
  readonly roomTag: string;
  readonly address: string;
}

/** Who may reach whom through the relay, where guests may reach the members of their own room only. */
export interface GuestPeers {
  /** The rule for the relay. Static users are not narrowed; a guest without a room reaches nobody. */
  readonly rule: (
    peer: { readonly address: Uint8Array },
    user: { readonly username: string; readonly account: string },
  ) => boolean;
  /** What the relay sees: the address of a client who holds an allocation is one of its room. */
  readonly onRelayEvent: (event: TurnEvent) => void;
  /** What signaling sees, where it runs in the same process. */
  readonly onPresence: (presence: Presence) => void;
}

/**
 * @param isStaticUser by user name
 * @param nowMs any clock that does not jump
 */
export function createGuestPeers(options: {
  readonly isStaticUser: (username: string) => boolean;
  readonly nowMs: () => number;
}): GuestPeers {
  const { isStaticUser, nowMs } = options;
  const seen = createRoomAddresses(lingerMs);

  function note(isThere: boolean, roomTag: string, text: string): void {
    const address = canonicalAddress(text);
    if (address === undefined) return;
    if (isThere) seen.add(roomTag, address);
    else seen.remove(roomTag, address, nowMs());
  }

  return {
    rule(peer, { username, account }) {
      if (isStaticUser(username)) return true;
      const guest = parseGuestAccount(account);
      const address = addressOfOctets(peer.address);
      return guest !== undefined && address !== undefined && seen.has(guest.roomTag, address, nowMs());
    },
    onRelayEvent(event) {
      if (event.kind === 'allocation-refreshed') return;
      const { account, client } = event.session;
      // The dot is no proof of a room: a static user may be called so. It opens nothing that their own rights do not.
      const guest = parseGuestAccount(account);
      if (guest !== undefined) note(event.kind === 'allocation-created', guest.roomTag, client.address);
    },
    onPresence: ({ kind, roomTag, address }) => note(kind === 'entered', roomTag, address),
  };
}
