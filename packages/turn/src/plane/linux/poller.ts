import { arch } from 'node:os';
import { createNativeBlock, type NativeBlock } from './native-block.ts';
import { PacedSocket, ReadingPace } from './reading-pace.ts';
import { SystemCallError, type SystemCalls, type Watch } from './system-calls.ts';

const EPOLL_CLOEXEC = 0x80000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLL_CTL_MOD = 3;
const EPOLLIN = 1;
/** Said once of what has come: the kernel need not look again whether it has been read. */
const EPOLLET = 0x80000000;
const MAX_EVENTS = 64;
/** `struct epoll_event` is packed on x64 and nowhere else. */
const EVENT = arch() === 'x64' ? { bytes: 12, data: 4 } : { bytes: 16, data: 8 };
/** When a round has brought so many packets, there are likely to be more by now: asking is cheaper than a turn of the loop. */
const BUSY_PACKETS = 16;
/** Then the rest of the process has its turn. */
const MAX_PACKETS_PER_TURN = 2048;
/** How long packets gather in sockets that are read by the clock: two or three milliseconds, as the loop's clock has them. */
const CLOCK_MS = 2;
/** How long a turn stays with the sockets where packets come steadily; then the rest of the process has its turn. */
const STAY_MS = 1;
/** After so many rounds a turn that stays looks at the clock: each look leaves a number behind, as much as all else together. */
const ROUNDS_PER_LOOK = 4;
/**
 * Where none comes for so long while it stays, the turn is over. That happens once, when a steady stream ends: a shorter time would
 * have the processor's clock set anew for each packet, which costs more than what is saved.
 */
const WAIT_MS = 4;

/** A socket that can be read. */
export interface Readable {
  readonly fd: number;
  /**
   * How many datagrams one visit brings at most, where those that come thick and fast may wait for each other; undefined where each
   * is to be read at once.
   */
  readonly pacedBatch?: number | undefined;
  /** Reads what has come, up to a limit, and gives how many datagrams that were. */
  receive(): number;
}

/**
 * Many sockets behind one descriptor, on which Node's own loop has an eye: while nothing comes, nothing is done, and a packet
 * is seen as soon as the loop is free. While packets come steadily a turn waits for the next ones itself, a little: each turn costs
 * something, and leaves an object behind. Sockets are read one after the other, a part of what waits in each, so that a flood in
 * one is nobody else's.
 *
 * While the process has much to do, sockets in which packets follow each other closely are not waited for but read by the clock:
 * what has gathered meanwhile is cheaper by far to read, and to send, than the same packets one by one.
 */
export class Poller {
  readonly #calls: SystemCalls;
  #epoll = -1;
  readonly #events: NativeBlock;
  /** How many sockets have something, now and after waiting a little. */
  readonly #readyNow: () => number;
  readonly #readySoon: () => number;
  /** There is one while there is a socket: it keeps the process alive. */
  #watch: Watch | undefined;
  /** By numbers that are never used twice: an event may be older than the end of its socket. */
  readonly #sockets = new Map<number, PacedSocket>();
  readonly #tokens = new Int32Array(MAX_EVENTS);
  #nextToken = 1;
  readonly #pace = new ReadingPace();
  /** Those that are read by the clock; epoll does not know them meanwhile. */
  readonly #byClock = new Set<PacedSocket>();
  #clock: NodeJS.Timeout | undefined;

  constructor(calls: SystemCalls) {
    this.#calls = calls;
    this.#events = createNativeBlock(calls, MAX_EVENTS * EVENT.bytes);
    const { at } = this.#events;
    const { epollWait } = calls;
    this.#readyNow = () => epollWait(this.#epoll, at, MAX_EVENTS, 0);
    this.#readySoon = () => epollWait(this.#epoll, at, MAX_EVENTS, WAIT_MS);
  }

  /** Gives what `remove` takes. @throws SystemCallError */
  add(readable: Readable): number {
    if (this.#watch === undefined) this.#open();
    const token = this.#nextToken;
    this.#nextToken += 1;
    const socket = new PacedSocket(readable, token);
    if (!this.#control(EPOLL_CTL_ADD, socket)) {
      const error = new SystemCallError('epoll_ctl', this.#calls.errno());
      if (this.#sockets.size === 0) this.#close();
      throw error;
    }
    this.#sockets.set(token, socket);
    return token;
  }

  /** To be called before the socket is closed: the kernel forgets it by itself only when no other process has it. */
  remove(token: number): void {
    const socket = this.#sockets.get(token);
    if (socket === undefined) return;
    this.#sockets.delete(token);
    if (!this.#byClock.delete(socket)) this.#control(EPOLL_CTL_DEL, socket);
    if (this.#sockets.size === 0) this.#close();
  }

  #control(operation: number, { readable, token }: PacedSocket): boolean {
    const { view, at } = this.#events;
    view.setUint32(0, readable.pacedBatch === undefined ? EPOLLIN : EPOLLIN + EPOLLET, true);
    view.setUint32(EVENT.data, token, true);
    view.setUint32(EVENT.data + 4, 0, true);
    return this.#calls.epollCtl(this.#epoll, operation, readable.fd, at) === 0;
  }

  #open(): void {
    this.#epoll = this.#calls.epollCreate(EPOLL_CLOEXEC);
    if (this.#epoll < 0) throw new SystemCallError('epoll_create1', this.#calls.errno());
    try {
      this.#watch = this.#calls.watch(this.#epoll, () => {
        this.#turn(false);
      });
    } catch (error) {
      this.#calls.close(this.#epoll);
      throw error;
    }
  }

  #close(): void {
    clearTimeout(this.#clock);
    this.#clock = undefined;
    this.#watch?.close();
    this.#watch = undefined;
    this.#calls.close(this.#epoll);
  }

  #turn(isByClock: boolean): void {
    const beganAt = performance.now();
    if (this.#pace.beginTurn(beganAt)) this.#reconsider();
    let packetsInTurn = 0;
    let visitsAll = isByClock;
    let countReady = this.#readyNow;
    for (let round = 1; ; round += 1) {
      if (this.#watch === undefined) return;
      let packets = this.#visitReady(countReady);
      if (isByClock) packets += this.#visitByClock(visitsAll);
      visitsAll = false;
      packetsInTurn += packets;
      if (packetsInTurn >= MAX_PACKETS_PER_TURN) return;
      if (packets >= BUSY_PACKETS) countReady = this.#readyNow;
      else if (packets === 0 || !this.#pace.isSteady) return;
      else if (round % ROUNDS_PER_LOOK === 0 && performance.now() - beganAt >= STAY_MS) return;
      else countReady = this.#readySoon;
    }
  }

  #visitReady(countReady: () => number): number {
    const count = countReady();
    let packets = 0;
    // First, because a new socket that is added meanwhile writes into the same block.
    for (let event = 0; event < count; event += 1) {
      this.#tokens[event] = this.#events.view.getUint32(event * EVENT.bytes + EVENT.data, true);
    }
    for (let event = 0; event < count; event += 1) {
      const socket = this.#sockets.get(this.#tokens[event] ?? 0);
      if (socket === undefined) continue;
      packets += this.#pace.visit(socket);
      // It may have been closed by what it brought.
      if (!this.#sockets.has(socket.token)) continue;
      if (this.#pace.isDense(socket)) this.#readByClock(socket);
      // Then it is told again, behind the others.
      else if (socket.hasMore) this.#control(EPOLL_CTL_MOD, socket);
    }
    return packets;
  }

  /** All of them, or those that have had more than one visit brings. */
  #visitByClock(all: boolean): number {
    let packets = 0;
    for (const socket of this.#byClock) if (all || socket.hasMore) packets += this.#pace.visit(socket);
    return packets;
  }

  #readByClock(socket: PacedSocket): void {
    this.#control(EPOLL_CTL_DEL, socket);
    this.#byClock.add(socket);
    this.#clock ??= setTimeout(this.#onClock, CLOCK_MS);
  }

  readonly #onClock = (): void => {
    if (this.#byClock.size === 0) {
      this.#clock = undefined;
      return;
    }
    this.#clock?.refresh();
    this.#turn(true);
  };

  /** What has become calm is waited for again. */
  #reconsider(): void {
    for (const socket of this.#byClock) {
      // Where the kernel has no room for it any more, the clock goes on.
      if (this.#pace.isCalm(socket) && this.#control(EPOLL_CTL_ADD, socket)) this.#byClock.delete(socket);
    }
  }
}
