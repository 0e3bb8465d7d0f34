import type { Peer, Relay } from './relay.ts';

/** A packet that waits, and where it was going. */
export interface WaitingPacket {
  relay: Relay | undefined;
  peer: Peer | undefined;
  port: number;
  isToClient: boolean;
  octets: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** Makes one that holds nothing. */
export function createWaitingPacket(): WaitingPacket {
  return { relay: undefined, peer: undefined, port: 0, isToClient: false, octets: NOTHING };
}

const FIRST_SLOTS = 64;

/** Packets in the order in which they came. Its places are used again and again. */
export class WaitingPackets {
  #slots: WaitingPacket[] = [];
  #head = 0;
  #count = 0;
  #bytes = 0;

  get count(): number {
    return this.#count;
  }

  /** Octets of all that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps the octets: they must not change any more. */
  push(relay: Relay, peer: Peer, port: number, isToClient: boolean, octets: Uint8Array): void {
    if (this.#count === this.#slots.length) this.#grow();
    const slot = this.#slots[(this.#head + this.#count) % this.#slots.length];
    if (slot === undefined) return;
    slot.relay = relay;
    slot.peer = peer;
    slot.port = port;
    slot.isToClient = isToClient;
    slot.octets = octets;
    this.#count += 1;
    this.#bytes += octets.length;
  }

  /** The oldest. It is good until it is taken or dropped. */
  first(): WaitingPacket | undefined {
    return this.#count === 0 ? undefined : this.#slots[this.#head];
  }

  /** Moves the oldest out, into a packet that is used again and again. */
  take(into: WaitingPacket): void {
    const slot = this.first();
    if (slot !== undefined) Object.assign(into, slot);
    this.drop();
  }

  /** Forgets the oldest, and gives how many octets it had. */
  drop(): number {
    const slot = this.first();
    if (slot === undefined) return 0;
    const bytes = slot.octets.length;
    slot.relay = undefined;
    slot.peer = undefined;
    slot.octets = NOTHING;
    this.#head = (this.#head + 1) % this.#slots.length;
    this.#count -= 1;
    this.#bytes -= bytes;
    return bytes;
  }

  #grow(): void {
    const old = this.#slots;
    const more = Math.max(FIRST_SLOTS, old.length);
    this.#slots = [...old.slice(this.#head), ...old.slice(0, this.#head)];
    for (let index = 0; index < more; index += 1) {
      this.#slots.push(createWaitingPacket());
    }
    this.#head = 0;
  }
}
