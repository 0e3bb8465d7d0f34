import type { Readable } from './poller.ts';

/** Milliseconds over which packets are counted, at least: a process that gets no time has longer ones. */
const PERIOD_MS = 8;
/** The process has much to do when it has read so many in a period: 40,000 a second. Before that, nothing is gained by waiting. */
const BUSY_PACKETS = 320;
/** Packets come steadily when it has read so many, 5,000 a second, and is not busy. */
const STEADY_PACKETS = 40;
/** Packets follow each other closely in a socket that has had so many in a period, 1,500 a second, */
const DENSE_PACKETS = 12;
/** and no longer when it has had fewer than these. */
const CALM_PACKETS = 6;

/** A socket, and what it has had in the last period in which it had something. */
export class PacedSocket {
  readonly readable: Readable;
  readonly token: number;
  /** The last visit has brought as many as a visit may. */
  hasMore = false;
  period = 0;
  packets = 0;

  constructor(readable: Readable, token: number) {
    this.readable = readable;
    this.token = token;
  }
}

/** Counts packets, and tells by what has come lately which sockets are better read by the clock. */
export class ReadingPace {
  #period = 0;
  #beganAt = -Infinity;
  #packets = 0;
  #isBusy = false;
  #isSteady = false;

  /** The next packet is worth waiting for: there will be one soon, and not so many that they had better gather. */
  get isSteady(): boolean {
    return this.#isSteady;
  }

  /** To be told of each turn before it begins. True when a period is over; then `isCalm` is to be asked. */
  beginTurn(nowMs: number): boolean {
    const lastedMs = nowMs - this.#beganAt;
    if (lastedMs < PERIOD_MS) return false;
    this.#isBusy = this.#packets >= BUSY_PACKETS;
    this.#isSteady = !this.#isBusy && this.#packets * PERIOD_MS >= STEADY_PACKETS * lastedMs;
    this.#packets = 0;
    this.#beganAt = nowMs;
    this.#period += 1;
    return true;
  }

  /** Reads a socket; how many packets came. */
  visit(visited: PacedSocket): number {
    const socket = visited;
    const packets = socket.readable.receive();
    socket.hasMore = packets === socket.readable.pacedBatch;
    if (socket.period !== this.#period) {
      socket.period = this.#period;
      socket.packets = 0;
    }
    socket.packets += packets;
    this.#packets += packets;
    return packets;
  }

  /** True for a socket that is better read by the clock from now on. */
  isDense({ packets, readable }: PacedSocket): boolean {
    return this.#isBusy && packets >= DENSE_PACKETS && readable.pacedBatch !== undefined;
  }

  /** True when in the period that is just over a socket has not had enough to be read by the clock. */
  isCalm({ period, packets }: PacedSocket): boolean {
    return !this.#isBusy || period !== this.#period - 1 || packets < CALM_PACKETS;
  }
}
