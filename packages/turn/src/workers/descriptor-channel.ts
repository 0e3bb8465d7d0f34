import { constants } from 'node:os';
import { createNativeBlock, writePointer, type NativeBlock } from '../plane/linux/native-block.ts';
import { SystemCallError, type SystemCalls } from '../plane/linux/system-calls.ts';
import type { WorkerCalls } from './worker-calls.ts';

const AF_UNIX = 1;
/** SOCK_SEQPACKET, not blocking, closed when another program is started. */
const SOCKET_TYPE = 5 | 0x800 | 0x80000;
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SCM_RIGHTS = 1;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const MSG_CMSG_CLOEXEC = 0x40000000;
const MSG_TRUNC = 0x20;
/** `struct msghdr` on 64 bits, by octets: where its parts are. */
const HEADER = { bytes: 56, vectors: 16, vectorCount: 24, control: 32, controlBytes: 40, flags: 48 } as const;
const VECTOR_AT = 64;
const CONTROL_AT = 96;
const CONTROL_HEADER_BYTES = 16;
/** The most descriptors that go with one message: a client's and one of each family of its relay. */
const MAX_DESCRIPTORS = 3;
const CONTROL_BYTES = 32;
const PREFIX_BYTES = 128;
const SEND_BUFFER_BYTES = 1024 * 1024;

const { EAGAIN, EINTR, EMSGSIZE, EPIPE, ECONNRESET, ENOTCONN } = constants.errno;

/** The longest message of a channel. */
export const MAX_MESSAGE_BYTES = 128 * 1024;

/** What became of a message: `full` when the other side does not read, `closed` when it is no more, `too-long` never goes. */
export type Sending = 'sent' | 'full' | 'closed' | 'too-long';

/** Two ends of a new channel. @throws SystemCallError */
export function createChannelPair(calls: SystemCalls, workerCalls: WorkerCalls): readonly [number, number] {
  const { view, at } = createNativeBlock(calls, 8);
  if (workerCalls.socketpair(AF_UNIX, SOCKET_TYPE, 0, at) < 0)
    throw new SystemCallError('socketpair', calls.errno());
  const pair = [view.getInt32(0, true), view.getInt32(4, true)] as const;
  // Asked for, not required: the system caps it.
  view.setInt32(0, SEND_BUFFER_BYTES, true);
  for (const fd of pair) calls.setsockopt(fd, SOL_SOCKET, SO_SNDBUF, at, 4);
  return pair;
}

/**
 * Messages in order between two processes, each whole, and descriptors with them: whoever receives a descriptor has a
 * duplicate. Nothing waits here: what the kernel does not take is the sender's to keep or to drop.
 */
export class DescriptorChannel {
  readonly fd: number;
  /** What was received last: octets of the message, lent until the next. */
  octets: Uint8Array;
  /** The descriptors that came with it. */
  descriptors: readonly number[] = [];
  readonly #calls: WorkerCalls;
  readonly #errno: () => number;
  readonly #outgoing: NativeBlock;
  readonly #incoming: NativeBlock;

  constructor(fd: number, calls: SystemCalls, workerCalls: WorkerCalls) {
    this.fd = fd;
    this.#calls = workerCalls;
    this.#errno = () => calls.errno();
    this.#outgoing = createNativeBlock(calls, PREFIX_BYTES + MAX_MESSAGE_BYTES);
    this.#incoming = createNativeBlock(calls, PREFIX_BYTES + MAX_MESSAGE_BYTES);
    this.octets = this.#incoming.bytes.subarray(0, 0);
    for (const block of [this.#outgoing, this.#incoming]) {
      writePointer(block.words, HEADER.vectors, block, VECTOR_AT);
      block.words[HEADER.vectorCount >> 2] = 1;
      writePointer(block.words, HEADER.control, block, CONTROL_AT);
      writePointer(block.words, VECTOR_AT, block, PREFIX_BYTES);
      block.words[(VECTOR_AT + 8) >> 2] = MAX_MESSAGE_BYTES;
    }
  }

  /** Where a message is put together that is then sent by `sendWritten`. */
  get room(): Uint8Array {
    return this.#outgoing.bytes.subarray(PREFIX_BYTES);
  }

  send(octets: Uint8Array, descriptors: readonly number[] = []): Sending {
    if (octets.length > MAX_MESSAGE_BYTES) return 'too-long';
    this.#outgoing.bytes.set(octets, PREFIX_BYTES);
    return this.sendWritten(octets.length, descriptors);
  }

  sendWritten(length: number, descriptors: readonly number[] = []): Sending {
    const { words, at } = this.#outgoing;
    words[(VECTOR_AT + 8) >> 2] = length;
    words[HEADER.controlBytes >> 2] = descriptors.length === 0 ? 0 : CONTROL_BYTES;
    if (descriptors.length > 0) {
      const controlLength = CONTROL_HEADER_BYTES + 4 * descriptors.length;
      words[HEADER.controlBytes >> 2] = (controlLength + 7) & ~7;
      const control = CONTROL_AT >> 2;
      words[control] = controlLength;
      words[control + 1] = 0;
      words[control + 2] = SOL_SOCKET;
      words[control + 3] = SCM_RIGHTS;
      for (const [index, fd] of descriptors.entries()) words[control + 4 + index] = fd;
    }
    if (this.#calls.sendmsg(this.fd, at, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) return 'sent';
    const errno = this.#errno();
    if (errno === EMSGSIZE) return 'too-long';
    return errno === EPIPE || errno === ECONNRESET || errno === ENOTCONN ? 'closed' : 'full';
  }

  /** Reads the next message into `octets` and `descriptors`; false when there is none at the moment. */
  receive(): boolean | 'closed' {
    const { words, at, bytes } = this.#incoming;
    words[HEADER.controlBytes >> 2] = CONTROL_BYTES;
    const length = this.#calls.recvmsg(this.fd, at, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (length === 0) return 'closed';
    if (length < 0) {
      const errno = this.#errno();
      return errno === EAGAIN || errno === EINTR ? false : 'closed';
    }
    // Neither side sends what the other has no room for.
    if (((words[HEADER.flags >> 2] ?? 0) & MSG_TRUNC) !== 0) return 'closed';
    this.octets = bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + length);
    this.descriptors = this.#readDescriptors();
    return true;
  }

  #readDescriptors(): readonly number[] {
    const { words } = this.#incoming;
    const used = words[HEADER.controlBytes >> 2] ?? 0;
    const control = CONTROL_AT >> 2;
    if (used < CONTROL_HEADER_BYTES || words[control + 2] !== SOL_SOCKET || words[control + 3] !== SCM_RIGHTS)
      return [];
    const count = Math.min(MAX_DESCRIPTORS, ((words[control] ?? 0) - CONTROL_HEADER_BYTES) >> 2);
    return Array.from({ length: count }, (_, index) => words[control + 4 + index] ?? -1);
  }
}
