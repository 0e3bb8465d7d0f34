import type { TurnEvent } from '@callbox/turn';
import { addressOfOctets, canonicalAddress } from '../network/canonical-address.ts';
import { isGuestAccount, parseGuestAccount, type GuestAccount } from './guest-name.ts';
import { createRoomAddresses, type AddressLifetimes, type Member } from './room-addresses.ts';

const addressLifetimes: AddressLifetimes = {
  /** Long enough for a member who loses the connection and comes back. */
  lingerMs: 60_000,
  /** A permission lasts five minutes (RFC 8656 §9); browsers ask again after four. */
  grantMs: 6 * 60_000,
  /** As long as a guest's credentials. A call that is longer has to show itself again, as it does when it recovers. */
  maxMs: 12 * 3_600_000,
};

/** Somebody entered or left a room, or is away from it for now, and the address from which signaling was reached. */
export interface GuestPresence extends GuestAccount {
  readonly kind: 'entered' | 'away' | 'left';
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
  readonly onPresence: (presence: GuestPresence) => void;
}

/**
 * @param isStaticUser by user name
 * @param nowMs any clock that does not jump
 */
export function createGuestPeers(options: {
  readonly isStaticUser: (username: string) => boolean;
  /** Whoever has credentials of the secret that name no room of ours has them from another service, and is not narrowed. */
  readonly areServicesFree?: boolean;
  readonly nowMs: () => number;
}): GuestPeers {
  const { isStaticUser, areServicesFree = false, nowMs } = options;
  const seen = createRoomAddresses(addressLifetimes);

  function memberOf({ roomTag, participantId }: GuestAccount): Member {
    return { room: roomTag, id: participantId };
  }

  function note(isThere: boolean, member: Member, text: string): void {
    const address = canonicalAddress(text);
    if (address === undefined) return;
    if (isThere) seen.add(member, address);
    else seen.remove(member, address, nowMs());
  }

  return {
    rule(peer, { username, account }) {
      if (isStaticUser(username)) return true;
      if (areServicesFree && !isGuestAccount(account)) return true;
      const guest = parseGuestAccount(account);
      const address = addressOfOctets(peer.address);
      return guest !== undefined && address !== undefined && seen.grant(guest.roomTag, address, nowMs());
    },
    onRelayEvent(event) {
      if (event.kind === 'allocation-refreshed') return;
      const { account, client } = event.session;
      // The dot is no proof of a room: a static user may be called so. It opens nothing that their own rights do not.
      const guest = parseGuestAccount(account);
      if (guest === undefined) return;
      note(event.kind === 'allocation-created', memberOf(guest), client.address);
    },
    onPresence({ kind, address, ...guest }) {
      if (kind === 'entered') seen.enter(memberOf(guest));
      note(kind === 'entered', memberOf(guest), address);
      if (kind === 'left') seen.leave(memberOf(guest), nowMs());
    },
  };
}
