import { constants } from 'node:os';
import type { IpAddress } from '@callbox/stun';
import type { HostWords } from '../host-words.ts';
import { createNativeBlock, writePointer, type NativeBlock } from './native-block.ts';
import { SLOT_BYTES, SLOTS, type PacketArena } from './packet-arena.ts';
import { MAX_ADDRESS_BYTES, readSocketAddress } from './socket-address.ts';
import type { SystemCalls } from './system-calls.ts';
import { SOL_UDP, UDP_GRO } from './udp-sockets.ts';

const { EAGAIN } = constants.errno;
export const MSG_DONTWAIT = 0x40;
const SOL_SOCKET = 1;
const SO_RXQ_OVFL = 40;

/** `struct mmsghdr` on 64 bits, by octets: where its parts are. */
export const MESSAGE = {
  bytes: 64,
  name: 0,
  nameBytes: 8,
  vectors: 16,
  vectorCount: 24,
  control: 32,
  controlBytes: 40,
  length: 56,
} as const;
/** `struct iovec`: an address and a length. */
export const VECTOR_BYTES = 16;
const NAME_STRIDE = 32;
/** Room for two control messages of four octets each. */
const CONTROL_BYTES = 48;
const CONTROL_HEADER_BYTES = 16;

/** Reads many datagrams in one call, each into its slot. */
export class ReceiveBatch {
  /** Reads from a socket; how many came, or -1 where the kernel has something else to say. */
  readonly receive: (fd: number, max: number) => number;
  /** Set by `inspect`: the length of each datagram of a run that the kernel has put together, 0 for a single one. */
  segmentBytes = 0;
  /** Set by `inspect`: how many datagrams the socket has dropped since it was opened, or -1 where the kernel does not say. */
  droppedInAll = -1;
  /** What only the kernel looks at, kept alive by being here. */
  readonly pinned: readonly NativeBlock[];
  readonly #words: Int32Array;
  readonly #names: NativeBlock;
  readonly #controls: NativeBlock;

  constructor(calls: SystemCalls, arena: PacketArena) {
    const headers = createNativeBlock(calls, SLOTS * MESSAGE.bytes);
    const vectors = createNativeBlock(calls, SLOTS * VECTOR_BYTES);
    this.#words = headers.words;
    this.#names = createNativeBlock(calls, SLOTS * NAME_STRIDE);
    this.#controls = createNativeBlock(calls, SLOTS * CONTROL_BYTES);
    for (let slot = 0; slot < SLOTS; slot += 1) {
      writePointer(vectors.words, slot * VECTOR_BYTES, arena.block, arena.slotAt(slot));
      vectors.words[(slot * VECTOR_BYTES + 8) >> 2] = SLOT_BYTES;
      const message = slot * MESSAGE.bytes;
      writePointer(headers.words, message + MESSAGE.name, this.#names, slot * NAME_STRIDE);
      writePointer(headers.words, message + MESSAGE.vectors, vectors, slot * VECTOR_BYTES);
      headers.words[(message + MESSAGE.vectorCount) >> 2] = 1;
      writePointer(headers.words, message + MESSAGE.control, this.#controls, slot * CONTROL_BYTES);
      this.#reset(slot);
    }
    this.pinned = [headers, vectors];
    // In a closure an address stays the object that it is; a field would give a new one for each call.
    const { at } = headers;
    const { recvmmsg, errno } = calls;
    this.receive = (fd, max) => {
      const count = recvmmsg(fd, at, max, MSG_DONTWAIT, 0);
      return count < 0 && errno() === EAGAIN ? 0 : count;
    };
  }

  /** The length of what is in a slot. */
  lengthOf(slot: number): number {
    return this.#words[(slot * MESSAGE.bytes + MESSAGE.length) >> 2] ?? 0;
  }

  /** Reads who sent it into words, and gives the port. */
  senderOf(slot: number, family: IpAddress['family'], into: HostWords): number {
    return readSocketAddress(this.#names.view, slot * NAME_STRIDE, family, into);
  }

  /** Reads what the kernel says of a datagram, and makes its header ready for the next. */
  inspect(slot: number): void {
    this.segmentBytes = 0;
    this.droppedInAll = -1;
    const used = this.#words[(slot * MESSAGE.bytes + MESSAGE.controlBytes) >> 2] ?? 0;
    if (used > 0) this.#readControl(slot * CONTROL_BYTES, Math.min(used, CONTROL_BYTES));
    this.#reset(slot);
  }

  #readControl(start: number, bytes: number): void {
    const { words } = this.#controls;
    let offset = start;
    while (offset + CONTROL_HEADER_BYTES < start + bytes) {
      const index = offset >> 2;
      const length = words[index] ?? 0;
      if (length < CONTROL_HEADER_BYTES) return;
      const level = words[index + 2];
      const type = words[index + 3];
      const value = words[index + 4] ?? 0;
      if (level === SOL_UDP && type === UDP_GRO) this.segmentBytes = value;
      else if (level === SOL_SOCKET && type === SO_RXQ_OVFL) this.droppedInAll = value >>> 0;
      offset += (length + 7) & ~7;
    }
  }

  /** The kernel writes here how much it has used. */
  #reset(slot: number): void {
    const message = slot * MESSAGE.bytes;
    this.#words[(message + MESSAGE.nameBytes) >> 2] = MAX_ADDRESS_BYTES;
    this.#words[(message + MESSAGE.controlBytes) >> 2] = CONTROL_BYTES;
  }
}
