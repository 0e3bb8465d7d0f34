import { constants } from 'node:os';
import { COUNTER, type PlaneCounters } from '../plane-counters.ts';
import { createNativeBlock, writePointer, type NativeBlock } from './native-block.ts';
import type { PacketArena } from './packet-arena.ts';
import { MESSAGE, MSG_DONTWAIT, VECTOR_BYTES } from './receive-batch.ts';
import type { SendSocket, SendTarget } from './send-target.ts';
import { socketAddressBytes, writeSocketAddress } from './socket-address.ts';
import type { SystemCalls } from './system-calls.ts';
import { SOL_UDP, UDP_SEGMENT } from './udp-sockets.ts';

const MAX_MESSAGES = 64;
/** The kernel takes as many in one message (UIO_MAXIOV). */
const MAX_VECTORS = 1024;
/** A header, a payload and padding. */
const VECTORS_PER_PACKET = 3;
/** UDP_MAX_SEGMENTS of older kernels. */
const MAX_SEGMENTS = 64;
/** A run has to fit in one datagram of IP, headers included. */
const MAX_RUN_BYTES = 65_000;
const NAME_STRIDE = 32;
const CONTROL_BYTES = 24;
/** `cmsg_len` of two octets. */
const CONTROL_LENGTH = 18;

const { EAGAIN, ENOBUFS, ECONNREFUSED, EINVAL, EMSGSIZE, EIO, EOPNOTSUPP } = constants.errno;

/**
 * Packets on their way out, all through one socket, sent together in one call. Packets that follow each other to the same
 * place and are equally long (the last may be shorter) are one message, which walks through the kernel once (UDP_SEGMENT);
 * their parts are named to the kernel where they lie. A destination to which that is refused gets its packets one by one
 * from then on.
 */
export class SendBatch {
  readonly #calls: SystemCalls;
  readonly #arena: PacketArena;
  readonly #counters: PlaneCounters;
  readonly #canSegment: boolean;
  readonly #headers: NativeBlock;
  readonly #vectors: NativeBlock;
  readonly #names: NativeBlock;
  readonly #controls: NativeBlock;
  /** For the packets of a run that was refused. */
  readonly #single: NativeBlock;
  readonly #sendAll: (fd: number, count: number) => number;
  readonly #sendSingle: (fd: number) => number;
  readonly #targets: (SendTarget | undefined)[] = Array.from({ length: MAX_MESSAGES });
  readonly #segmentCounts = new Int32Array(MAX_MESSAGES);
  readonly #segmentBytes = new Int32Array(MAX_MESSAGES);
  readonly #firstVectors = new Int32Array(MAX_MESSAGES);
  #socket: SendSocket | undefined;
  #messages = 0;
  #vectorCount = 0;
  // -- the run that the next packet may continue
  #isOpen = false;
  #port = 0;
  #runBytes = 0;
  // -- the packet that is put together
  #headerAt = 0;
  #headerBytes = 0;
  #payloadAt = 0;
  #payloadBytes = 0;
  #paddingBytes = 0;
  // -- when it goes out
  #isVisit = false;
  #isScheduled = false;
  readonly #flushLater = (): void => {
    this.#isScheduled = false;
    this.flush();
  };

  constructor(
    calls: SystemCalls,
    parts: { readonly arena: PacketArena; readonly counters: PlaneCounters; readonly canSegment: boolean },
  ) {
    this.#calls = calls;
    this.#arena = parts.arena;
    this.#counters = parts.counters;
    this.#canSegment = parts.canSegment;
    this.#headers = createNativeBlock(calls, MAX_MESSAGES * MESSAGE.bytes);
    this.#vectors = createNativeBlock(calls, MAX_VECTORS * VECTOR_BYTES);
    this.#names = createNativeBlock(calls, MAX_MESSAGES * NAME_STRIDE);
    this.#controls = createNativeBlock(calls, MAX_MESSAGES * CONTROL_BYTES);
    this.#single = createNativeBlock(calls, MESSAGE.bytes);
    for (let message = 0; message < MAX_MESSAGES; message += 1) {
      const { words } = this.#headers;
      writePointer(words, message * MESSAGE.bytes + MESSAGE.name, this.#names, message * NAME_STRIDE);
      writePointer(words, message * MESSAGE.bytes + MESSAGE.control, this.#controls, message * CONTROL_BYTES);
      const control = (message * CONTROL_BYTES) >> 2;
      this.#controls.words[control] = CONTROL_LENGTH;
      this.#controls.words[control + 2] = SOL_UDP;
      this.#controls.words[control + 3] = UDP_SEGMENT;
    }
    // In closures an address stays the object that it is; a field would give a new one for each call.
    const { sendmmsg } = calls;
    const { at } = this.#headers;
    const { at: singleAt } = this.#single;
    this.#sendAll = (fd, count) => sendmmsg(fd, at, count, MSG_DONTWAIT);
    this.#sendSingle = (fd) => sendmmsg(fd, singleAt, 1, MSG_DONTWAIT);
  }

  /** What is added from now on is sent by `endVisit`, and not at the end of the turn. */
  beginVisit(): void {
    this.#isVisit = true;
  }

  endVisit(): void {
    this.#isVisit = false;
    this.flush();
  }

  /**
   * Places a payload with so much room for a header in front of it and zeros behind it, in place where it lies in the arena
   * and has room around it. Gives where in the arena the header is to be written. To be followed by `send`.
   */
  place(bytes: Uint8Array, start: number, length: number, headerBytes: number, paddingBytes: number): number {
    const arena = this.#arena;
    this.#headerBytes = 0;
    this.#paddingBytes = 0;
    if (bytes !== arena.bytes) {
      const at = this.#takeSpare(headerBytes + length + paddingBytes);
      arena.bytes.set(
        isWhole(bytes, start, length) ? bytes : bytes.subarray(start, start + length),
        at + headerBytes,
      );
      for (let index = 0; index < paddingBytes; index += 1)
        arena.bytes[at + headerBytes + length + index] = 0;
      this.#payloadAt = at;
      this.#payloadBytes = headerBytes + length + paddingBytes;
      return at;
    }
    this.#payloadAt = start;
    this.#payloadBytes = length;
    if (start + length + paddingBytes <= arena.roomTo) {
      for (let index = 0; index < paddingBytes; index += 1) arena.bytes[start + length + index] = 0;
      this.#payloadBytes += paddingBytes;
    } else {
      this.#paddingBytes = paddingBytes;
    }
    if (start - headerBytes >= arena.roomFrom) {
      this.#payloadAt -= headerBytes;
      this.#payloadBytes += headerBytes;
      return this.#payloadAt;
    }
    this.#headerBytes = headerBytes;
    this.#headerAt = this.#takeSpare(headerBytes);
    return this.#headerAt;
  }

  /** Spare room is given back when everything has been sent. */
  #takeSpare(bytes: number): number {
    const at = this.#arena.takeSpare(bytes);
    if (at >= 0) return at;
    this.flush();
    return this.#arena.takeSpare(bytes);
  }

  /** Sends what was placed last; together with what else goes through this socket. */
  send(socket: SendSocket, target: SendTarget, port: number): void {
    const isFull = this.#messages === MAX_MESSAGES || this.#vectorCount + VECTORS_PER_PACKET > MAX_VECTORS;
    if (isFull || socket !== this.#socket) this.#sendOut();
    this.#socket = socket;
    const bytes = this.#headerBytes + this.#payloadBytes + this.#paddingBytes;
    if (!this.#continueRun(target, port, bytes)) this.#beginRun(socket, target, port, bytes);
    if (this.#headerBytes > 0) this.#addVector(this.#headerAt, this.#headerBytes);
    // An empty datagram needs no vector.
    if (this.#payloadBytes > 0) this.#addVector(this.#payloadAt, this.#payloadBytes);
    if (this.#paddingBytes > 0) this.#addVector(this.#arena.zerosAt, this.#paddingBytes);
    if (this.#isVisit || this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#flushLater);
  }

  #continueRun(target: SendTarget, port: number, bytes: number): boolean {
    const message = this.#messages - 1;
    if (!this.#isOpen || target !== this.#targets[message] || port !== this.#port) return false;
    const segmentBytes = this.#segmentBytes[message] ?? 0;
    const segments = this.#segmentCounts[message] ?? 0;
    if (
      bytes === 0 ||
      bytes > segmentBytes ||
      segments === MAX_SEGMENTS ||
      this.#runBytes + bytes > MAX_RUN_BYTES
    ) {
      return false;
    }
    if (segments === 1) {
      this.#headers.words[(message * MESSAGE.bytes + MESSAGE.controlBytes) >> 2] = CONTROL_BYTES;
      this.#controls.view.setUint16(message * CONTROL_BYTES + 16, segmentBytes, true);
    }
    this.#segmentCounts[message] = segments + 1;
    this.#runBytes += bytes;
    this.#isOpen = bytes === segmentBytes;
    return true;
  }

  #beginRun(socket: SendSocket, target: SendTarget, port: number, bytes: number): void {
    const message = this.#messages;
    const header = (message * MESSAGE.bytes) >> 2;
    const { words } = this.#headers;
    if (socket.isConnected) {
      words[header] = 0;
      words[header + 1] = 0;
      words[header + 2] = 0;
    } else {
      writePointer(words, message * MESSAGE.bytes, this.#names, message * NAME_STRIDE);
      words[header + 2] = socketAddressBytes(target.family);
      writeSocketAddress(this.#names.view, message * NAME_STRIDE, target.family, target.words, port);
    }
    const at = message * MESSAGE.bytes;
    writePointer(words, at + MESSAGE.vectors, this.#vectors, this.#vectorCount * VECTOR_BYTES);
    words[(at + MESSAGE.vectorCount) >> 2] = 0;
    words[(at + MESSAGE.controlBytes) >> 2] = 0;
    this.#targets[message] = target;
    this.#segmentCounts[message] = 1;
    this.#segmentBytes[message] = bytes;
    this.#firstVectors[message] = this.#vectorCount;
    this.#port = port;
    this.#runBytes = bytes;
    this.#isOpen = this.#canSegment && bytes > 0 && bytes <= target.segmentLimit;
    this.#messages = message + 1;
  }

  #addVector(at: number, bytes: number): void {
    const offset = this.#vectorCount * VECTOR_BYTES;
    writePointer(this.#vectors.words, offset, this.#arena.block, at);
    this.#vectors.words[(offset + 8) >> 2] = bytes;
    this.#vectorCount += 1;
    const count = ((this.#messages - 1) * MESSAGE.bytes + MESSAGE.vectorCount) >> 2;
    this.#headers.words[count] = (this.#headers.words[count] ?? 0) + 1;
  }

  /** Sends everything now. */
  flush(): void {
    this.#sendOut();
    this.#arena.releaseSpare();
  }

  #sendOut(): void {
    const socket = this.#socket;
    const count = this.#messages;
    if (count === 0 || socket === undefined) return;
    // Almost always all of them go.
    const sent = this.#sendAll(socket.fd, count);
    if (sent < count) this.#sendRest(socket.fd, count, Math.max(0, sent));
    this.#messages = 0;
    this.#vectorCount = 0;
    this.#isOpen = false;
  }

  /** Goes on behind a message that the kernel did not take, which is that message's fate and nobody else's. */
  #sendRest(fd: number, count: number, from: number): void {
    let message = from;
    let hasTriedAgain = false;
    while (message < count) {
      const sent = this.#calls.sendmmsg(
        fd,
        this.#headers.at + message * MESSAGE.bytes,
        count - message,
        MSG_DONTWAIT,
      );
      if (sent > 0) {
        message += sent;
        hasTriedAgain = false;
        continue;
      }
      const errno = this.#calls.errno();
      if (errno === EAGAIN || errno === ENOBUFS) {
        // The network does not take what we send; what comes later has no more use than what is here.
        for (; message < count; message += 1) {
          this.#counters.add(COUNTER.queueFull, this.#segmentCounts[message] ?? 0);
        }
        return;
      }
      // What ICMP said of an earlier packet is told once, in place of sending this one.
      if (errno === ECONNREFUSED && !hasTriedAgain) {
        this.#counters.add(COUNTER.socketErrors, 1);
        hasTriedAgain = true;
        continue;
      }
      if ((this.#segmentCounts[message] ?? 0) > 1) this.#sendOneByOne(fd, message, errno);
      else this.#counters.add(COUNTER.socketErrors, 1);
      message += 1;
      hasTriedAgain = false;
    }
  }

  /** A run that was refused as such: too long for the path, or the device cannot make checksums. */
  #sendOneByOne(fd: number, message: number, errno: number): void {
    const target = this.#targets[message];
    const segmentBytes = this.#segmentBytes[message] ?? 0;
    if (target !== undefined) {
      if (errno === EINVAL || errno === EMSGSIZE)
        target.segmentLimit = Math.min(target.segmentLimit, segmentBytes - 1);
      else if (errno === EIO || errno === EOPNOTSUPP) target.segmentLimit = 0;
    }
    const { words: headers } = this.#headers;
    const { words: single } = this.#single;
    const header = (message * MESSAGE.bytes) >> 2;
    for (let word = 0; word < MESSAGE.bytes / 4; word += 1) single[word] = headers[header + word] ?? 0;
    single[MESSAGE.controlBytes >> 2] = 0;
    let vector = this.#firstVectors[message] ?? 0;
    const endVector = vector + (headers[header + (MESSAGE.vectorCount >> 2)] ?? 0);
    while (vector < endVector) {
      const first = vector;
      let bytes = 0;
      while (vector < endVector && bytes < segmentBytes) {
        bytes += this.#vectors.words[(vector * VECTOR_BYTES + 8) >> 2] ?? 0;
        vector += 1;
      }
      writePointer(single, MESSAGE.vectors, this.#vectors, first * VECTOR_BYTES);
      single[MESSAGE.vectorCount >> 2] = vector - first;
      if (this.#sendSingle(fd) !== 1) this.#counters.add(COUNTER.socketErrors, 1);
    }
  }
}

function isWhole(bytes: Uint8Array, start: number, length: number): boolean {
  return start === 0 && length === bytes.length;
}
