/** Somebody in a room, by names that stand for both. */
export interface Member {
  readonly room: string;
  readonly id: string;
}

/** Milliseconds that an address counts when nothing shows it any more. */
export interface AddressLifetimes {
  /** After the last socket or allocation. */
  readonly lingerMs: number;
  /** After it was granted to somebody: as long as a call that uses it takes to ask again. */
  readonly grantMs: number;
  /** In all, however often it is granted. */
  readonly maxMs: number;
}

/**
 * Where the members of each room have been observed. Time is passed in, by any clock that does not jump; addresses have
 * one spelling each.
 */
export interface RoomAddresses {
  /** The member is at this address, by one more socket or allocation. */
  readonly add: (member: Member, address: string) => void;
  /** One of these is gone. */
  readonly remove: (member: Member, address: string, nowMs: number) => void;
  /** The member is in the room, maybe again: undoes `leave`. */
  readonly enter: (member: Member) => void;
  /** The member is known to have left: grants make their addresses last no longer. */
  readonly leave: (member: Member, nowMs: number) => void;
  /** Whether somebody of the room is at this address, or was until just now. Being granted makes it last. */
  readonly grant: (room: string, address: string, nowMs: number) => boolean;
  /** How many there are in all rooms together. */
  readonly size: () => number;
}

/** One address of one member. */
interface Sighting {
  readonly member: Member;
  readonly address: string;
  /** Sockets and allocations by which it is seen now. */
  count: number;
  hasLeft: boolean;
  /** The next two count when nothing is left by which it is seen. */
  keptUntilMs: number;
  renewableUntilMs: number;
}

/** Addresses that have expired are no longer granted; how often their memory is given back. */
const sweepMs = 10_000;

function isSeen({ count, keptUntilMs }: Sighting, nowMs: number): boolean {
  return count > 0 || keptUntilMs > nowMs;
}

/**
 * A browser may give up an allocation that its call does not use, and goes on receiving at the very address that the
 * allocation had shown; a refusal when the permission is due again would cut that call. So whoever uses an address keeps it.
 */
export function createRoomAddresses({ lingerMs, grantMs, maxMs }: AddressLifetimes): RoomAddresses {
  /** By room, then by address, then by member. */
  const rooms = new Map<string, Map<string, Map<string, Sighting>>>();
  let nextSweepMs = 0;

  function find({ room, id }: Member, address: string): Sighting | undefined {
    return rooms.get(room)?.get(address)?.get(id);
  }

  function sweep(nowMs: number): void {
    if (nowMs < nextSweepMs) return;
    nextSweepMs = nowMs + sweepMs;
    for (const [room, addresses] of rooms) {
      for (const [address, sightings] of addresses) {
        for (const [id, sighting] of sightings) if (!isSeen(sighting, nowMs)) sightings.delete(id);
        if (sightings.size === 0) addresses.delete(address);
      }
      if (addresses.size === 0) rooms.delete(room);
    }
  }

  return {
    add(member, address) {
      const known = find(member, address);
      if (known !== undefined) {
        known.count += 1;
        return;
      }
      const addresses = rooms.get(member.room) ?? new Map<string, Map<string, Sighting>>();
      const sightings = addresses.get(address) ?? new Map<string, Sighting>();
      rooms.set(member.room, addresses.set(address, sightings));
      const times = { keptUntilMs: 0, renewableUntilMs: 0 };
      sightings.set(member.id, { member, address, count: 1, hasLeft: false, ...times });
    },
    remove(member, address, nowMs) {
      sweep(nowMs);
      const known = find(member, address);
      if (known === undefined || known.count === 0) return;
      known.count -= 1;
      if (known.count > 0) return;
      known.keptUntilMs = nowMs + lingerMs;
      known.renewableUntilMs = nowMs + maxMs;
    },
    enter({ room, id }) {
      for (const sightings of rooms.get(room)?.values() ?? []) {
        const sighting = sightings.get(id);
        if (sighting !== undefined) sighting.hasLeft = false;
      }
    },
    leave({ room, id }, nowMs) {
      for (const sightings of rooms.get(room)?.values() ?? []) {
        const sighting = sightings.get(id);
        if (sighting === undefined) continue;
        sighting.hasLeft = true;
        sighting.keptUntilMs = Math.min(sighting.keptUntilMs, nowMs + lingerMs);
      }
    },
    grant(room, address, nowMs) {
      sweep(nowMs);
      let isGranted = false;
      for (const sighting of rooms.get(room)?.get(address)?.values() ?? []) {
        if (!isSeen(sighting, nowMs)) continue;
        isGranted = true;
        if (sighting.count > 0 || sighting.hasLeft) continue;
        const untilMs = Math.min(nowMs + grantMs, sighting.renewableUntilMs);
        sighting.keptUntilMs = Math.max(sighting.keptUntilMs, untilMs);
      }
      return isGranted;
    },
    size: () => [...rooms.values()].reduce((sum, addresses) => sum + addresses.size, 0),
  };
}
