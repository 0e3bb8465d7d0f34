/** Where the members of each room have been observed. Time is passed in; nothing here is claimed by a client. */
export interface RoomAddresses {
  /** Somebody of the room is at this address, by one more socket or allocation. */
  readonly add: (room: string, address: string) => void;
  /** One of these is gone. When the last is, the address stays for the linger. */
  readonly remove: (room: string, address: string, nowMs: number) => void;
  readonly has: (room: string, address: string, nowMs: number) => boolean;
  /** How many there are in all rooms together. */
  readonly size: () => number;
}

/** One address in one room. */
interface Sighting {
  readonly room: string;
  readonly address: string;
  /** Sockets and allocations by which it is seen now. */
  count: number;
  /** Until then it counts although nothing is left; meaningless while something is. */
  keptUntilMs: number;
}

/**
 * Counts by how many ways each address is seen, and remembers it for `lingerMs` after the last. The room is a tag or a
 * name, whatever its two sides agree upon; addresses have one spelling each.
 */
export function createRoomAddresses(lingerMs: number): RoomAddresses {
  const rooms = new Map<string, Map<string, Sighting>>();
  /** Oldest first: all linger equally long. */
  const lingering = new Set<Sighting>();

  function find(room: string, address: string): Sighting | undefined {
    return rooms.get(room)?.get(address);
  }

  function forget({ room, address }: Sighting): void {
    const addresses = rooms.get(room);
    addresses?.delete(address);
    if (addresses?.size === 0) rooms.delete(room);
  }

  function forgetOld(nowMs: number): void {
    for (const sighting of lingering) {
      if (sighting.keptUntilMs > nowMs) return;
      lingering.delete(sighting);
      forget(sighting);
    }
  }

  return {
    add(room, address) {
      const known = find(room, address);
      if (known !== undefined) {
        lingering.delete(known);
        known.count += 1;
        return;
      }
      const addresses = rooms.get(room) ?? new Map<string, Sighting>();
      rooms.set(room, addresses);
      addresses.set(address, { room, address, count: 1, keptUntilMs: 0 });
    },
    remove(room, address, nowMs) {
      forgetOld(nowMs);
      const known = find(room, address);
      if (known === undefined || known.count === 0) return;
      known.count -= 1;
      if (known.count > 0) return;
      known.keptUntilMs = nowMs + lingerMs;
      lingering.add(known);
    },
    has(room, address, nowMs) {
      forgetOld(nowMs);
      return find(room, address) !== undefined;
    },
    size: () => [...rooms.values()].reduce((sum, addresses) => sum + addresses.size, 0),
  };
}
