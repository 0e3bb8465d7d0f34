import { arch } from 'node:os';
import { createNativeBlock, type NativeBlock } from './native-block.ts';
import { SystemCallError, type SystemCalls, type Watch } from './system-calls.ts';

const EPOLL_CLOEXEC = 0x80000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLLIN = 1;
const MAX_EVENTS = 64;
/** `struct epoll_event` is packed on x64 and nowhere else. */
const EVENT = arch() === 'x64' ? { bytes: 12, data: 4 } : { bytes: 16, data: 8 };
/** When a round has brought so many packets, there are likely to be more by now: asking is cheaper than a turn of the loop. */
const BUSY_PACKETS = 16;
/** Then the rest of the process has its turn. */
const MAX_PACKETS_PER_TURN = 2048;

/** A socket that can be read. */
export interface Readable {
  readonly fd: number;
  /** Reads what has come, up to a limit, and gives how many datagrams that were. */
  receive(): number;
}

/**
 * Many sockets behind one descriptor, on which Node's own loop has an eye: while nothing comes, nothing is done, and a packet
 * is seen as soon as the loop is free. Sockets are read in turn, a part of what waits in each, so that a flood in one is
 * nobody else's.
 */
export class Poller {
  readonly #calls: SystemCalls;
  #epoll = -1;
  readonly #events: NativeBlock;
  readonly #wait: () => number;
  /** There is one while there is a socket: it keeps the process alive. */
  #watch: Watch | undefined;
  /** By numbers that are never used twice: an event may be older than the end of its socket. */
  readonly #readables = new Map<number, Readable>();
  readonly #tokens = new Int32Array(MAX_EVENTS);
  #nextToken = 1;

  constructor(calls: SystemCalls) {
    this.#calls = calls;
    this.#events = createNativeBlock(calls, MAX_EVENTS * EVENT.bytes);
    const { at } = this.#events;
    const { epollWait } = calls;
    this.#wait = () => epollWait(this.#epoll, at, MAX_EVENTS, 0);
  }

  /** Gives what `remove` takes. @throws SystemCallError */
  add(readable: Readable): number {
    if (this.#watch === undefined) this.#open();
    const token = this.#nextToken;
    this.#nextToken += 1;
    const { view, at } = this.#events;
    view.setUint32(0, EPOLLIN, true);
    view.setUint32(EVENT.data, token, true);
    view.setUint32(EVENT.data + 4, 0, true);
    const isAdded = this.#calls.epollCtl(this.#epoll, EPOLL_CTL_ADD, readable.fd, at) === 0;
    if (!isAdded) {
      const error = new SystemCallError('epoll_ctl', this.#calls.errno());
      if (this.#readables.size === 0) this.#close();
      throw error;
    }
    this.#readables.set(token, readable);
    return token;
  }

  /** To be called before the socket is closed: the kernel forgets it by itself only when no other process has it. */
  remove(token: number): void {
    const readable = this.#readables.get(token);
    if (readable === undefined) return;
    this.#readables.delete(token);
    this.#calls.epollCtl(this.#epoll, EPOLL_CTL_DEL, readable.fd, this.#events.at);
    if (this.#readables.size === 0) this.#close();
  }

  #open(): void {
    this.#epoll = this.#calls.epollCreate(EPOLL_CLOEXEC);
    if (this.#epoll < 0) throw new SystemCallError('epoll_create1', this.#calls.errno());
    try {
      this.#watch = this.#calls.watch(this.#epoll, () => {
        this.#turn();
      });
    } catch (error) {
      this.#calls.close(this.#epoll);
      throw error;
    }
  }

  #close(): void {
    this.#watch?.close();
    this.#watch = undefined;
    this.#calls.close(this.#epoll);
  }

  #turn(): void {
    let packetsInTurn = 0;
    for (;;) {
      if (this.#watch === undefined) return;
      const count = this.#wait();
      let packets = 0;
      // First, because a new socket that is added meanwhile writes into the same block.
      for (let event = 0; event < count; event += 1) {
        this.#tokens[event] = this.#events.view.getUint32(event * EVENT.bytes + EVENT.data, true);
      }
      for (let event = 0; event < count; event += 1) {
        const token = this.#tokens[event] ?? 0;
        packets += this.#readables.get(token)?.receive() ?? 0;
      }
      packetsInTurn += packets;
      if (packets < BUSY_PACKETS || packetsInTurn >= MAX_PACKETS_PER_TURN) return;
    }
  }
}
