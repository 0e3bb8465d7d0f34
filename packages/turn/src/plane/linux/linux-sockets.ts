import { COUNTER, type PlaneCounters } from '../plane-counters.ts';
import type { PacketArena } from './packet-arena.ts';
import type { Poller, Readable } from './poller.ts';
import type { ReceiveBatch } from './receive-batch.ts';
import type { SendBatch } from './send-batch.ts';
import type { UdpSockets } from './udp-sockets.ts';

/** What all sockets of a plane share. */
export interface LinuxParts {
  readonly sockets: UdpSockets;
  readonly poller: Poller;
  readonly arena: PacketArena;
  readonly incoming: ReceiveBatch;
  readonly outgoing: SendBatch;
  readonly counters: PlaneCounters;
  /** Called when datagrams have been read and before they are looked at: what was decided before they came goes first. */
  readonly beforeBatch?: () => void;
}

/** A socket that says so many errors in a row has something else. */
const MAX_ERRORS = 8;
/** Stands for a count of drops of which nobody has told. */
const DROPS_UNKNOWN = -1;

/** One datagram: who sent it is still in its slot; it lies in the arena from `start` to `end`. */
export type TakeDatagram = (slot: number, start: number, end: number) => void;

/** A socket that is read in batches; what its packets lead to is sent when the batch has been gone through. */
export class LinuxSocket implements Readable {
  readonly fd: number;
  readonly pacedBatch: number | undefined;
  isConnected = false;
  readonly #parts: LinuxParts;
  readonly #maxBatch: number;
  readonly #take: TakeDatagram;
  /** Undefined while it is somebody else's to read. */
  #token: number | undefined;
  #dropped: number;
  #isOpen = true;

  /**
   * Takes over a descriptor.
   *
   * @throws SystemCallError
   */
  constructor(
    fd: number,
    parts: LinuxParts,
    options: {
      readonly maxBatch: number;
      /** True where what comes thick and fast may wait for each other, as media may. */
      readonly isPaced?: boolean;
      readonly take: TakeDatagram;
      /** What it has dropped before, which has been counted; `DROPS_UNKNOWN` when that is all that it will have said at first. */
      readonly droppedBefore?: number;
    },
  ) {
    this.fd = fd;
    this.#parts = parts;
    this.#maxBatch = options.maxBatch;
    this.pacedBatch = options.isPaced === true ? options.maxBatch : undefined;
    this.#take = options.take;
    this.#dropped = options.droppedBefore ?? 0;
    this.#token = parts.poller.add(this);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** How many datagrams it has dropped, as far as it is known here. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Leaves reading to another process; sending goes on as before. */
  pause(): void {
    if (this.#token === undefined || !this.#isOpen) return;
    this.#parts.poller.remove(this.#token);
    this.#token = undefined;
  }

  /** Reads again, after another process: what was dropped meanwhile was that one's to count. @throws SystemCallError */
  resume(): void {
    if (this.#token !== undefined || !this.#isOpen) return;
    this.#dropped = DROPS_UNKNOWN;
    this.#token = this.#parts.poller.add(this);
  }

  receive(): number {
    const { incoming, outgoing, arena, counters } = this.#parts;
    let count = incoming.receive(this.fd, this.#maxBatch);
    for (let errors = 0; count < 0 && errors < MAX_ERRORS; errors += 1) {
      // Mostly ECONNREFUSED: the client's machine says that nobody listens there. That is for the allocation's lifetime to settle.
      counters.add(COUNTER.socketErrors, 1);
      // It was said once, and before what has come, of which we may not be told again.
      count = incoming.receive(this.fd, this.#maxBatch);
    }
    if (count <= 0) return 0;
    this.#parts.beforeBatch?.();
    outgoing.beginVisit();
    for (let slot = 0; slot < count && this.#isOpen; slot += 1) {
      const length = incoming.lengthOf(slot);
      incoming.inspect(slot);
      if (incoming.droppedInAll >= 0) this.#noteDropped(incoming.droppedInAll);
      const slotStart = arena.slotAt(slot);
      const slotEnd = slotStart + length;
      const segmentBytes = incoming.segmentBytes > 0 ? incoming.segmentBytes : length;
      let start = slotStart;
      // An empty datagram is one, too.
      do {
        const end = Math.min(start + segmentBytes, slotEnd);
        arena.enter(slotStart, start, end, end === slotEnd);
        this.#take(slot, start, end);
        start = end;
      } while (start < slotEnd && this.#isOpen);
    }
    outgoing.endVisit();
    return count;
  }

  #noteDropped(inAll: number): void {
    // The kernel counts in 32 bits.
    const more = this.#dropped === DROPS_UNKNOWN ? 0 : (inAll - this.#dropped) >>> 0;
    this.#dropped = inAll;
    this.#parts.counters.add(COUNTER.droppedByKernel, more);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    // What is on its way through this descriptor must not go through the next one of the same number.
    this.#parts.outgoing.flush();
    if (this.#token !== undefined) this.#parts.poller.remove(this.#token);
    this.#token = undefined;
    this.#parts.sockets.close(this.fd);
  }
}
