import { createNativeBlock, type NativeBlock } from './native-block.ts';
import type { SystemCalls } from './system-calls.ts';

/** How many datagrams are read at once. */
export const SLOTS = 64;
/** In front of each, for the longest header that may come there: a Data indication's, on IPv6, is 48 octets. */
const HEADROOM_BYTES = 64;
/** The longest datagram, or run of datagrams that the kernel has put together. */
export const SLOT_BYTES = 65_536;
/** Behind it is room for padding, and the rest keeps the beginnings of slots apart in the processor's cache. */
const STRIDE_BYTES = SLOT_BYTES + 1408;
const SPARE_BYTES = 256 * 1024;
/** What a Data indication is padded with. */
const ZERO_BYTES = 64;

/**
 * The one place where packets are. They are read into slots and sent from there: a header is stripped by beginning behind it,
 * and put in front in place. What comes from elsewhere (a connection, a queue) is copied into the spare room first.
 */
export class PacketArena {
  readonly block: NativeBlock;
  readonly bytes: Uint8Array;
  readonly zerosAt = SLOTS * STRIDE_BYTES + SPARE_BYTES;
  /** The packet that is being forwarded may be given headers from here on, */
  roomFrom = 0;
  /** and padding up to here. Outside of these is another packet. */
  roomTo = 0;
  #spareUsed = 0;

  constructor(calls: SystemCalls) {
    this.block = createNativeBlock(calls, SLOTS * STRIDE_BYTES + SPARE_BYTES + ZERO_BYTES);
    this.bytes = this.block.bytes;
  }

  /** Where the datagram in a slot begins. */
  slotAt(slot: number): number {
    return slot * STRIDE_BYTES + HEADROOM_BYTES;
  }

  /** The next datagram to be forwarded, alone in its slot or one of a run. */
  enter(slotStart: number, start: number, end: number, isLast: boolean): void {
    this.roomFrom = start === slotStart ? start - HEADROOM_BYTES : start;
    this.roomTo = isLast ? slotStart + SLOT_BYTES + HEADROOM_BYTES : end;
  }

  /** Takes spare room; -1 when there is none left until `releaseSpare`. */
  takeSpare(bytes: number): number {
    if (this.#spareUsed + bytes > SPARE_BYTES) return -1;
    const at = SLOTS * STRIDE_BYTES + this.#spareUsed;
    // Whole lines of the cache.
    this.#spareUsed += (bytes + 63) & ~63;
    return at;
  }

  releaseSpare(): void {
    this.#spareUsed = 0;
  }
}
