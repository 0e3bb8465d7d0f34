import { Allowance, type AllowanceState } from '../allowance.ts';
import { COUNTER, type PlaneCounters } from '../plane-counters.ts';
import type { RelayId } from '../route-change.ts';
import type { Peer, Relay } from './relay.ts';
import { createWaitingPacket, WaitingPackets, type WaitingPacket } from './waiting-packets.ts';

/** The relays of one account, and what they may send and get together. */
export interface Share {
  readonly account: string;
  readonly allowance: Allowance;
  readonly waiting: WaitingPackets;
  relays: number;
}

/** What one relay may carry, each way by itself. */
export interface RelayRates {
  readonly toPeers: Allowance;
  readonly toClient: Allowance;
}

/** Where allowances keep their numbers, when several processes forward for one account or one relay. */
export interface AllowanceStates {
  ofAccount(account: string): AllowanceState | undefined;
  forgetAccount(account: string): void;
  ofRelay(relay: RelayId, way: keyof RelayRates): AllowanceState | undefined;
}

/** What headers of IP, UDP and ChannelData add to a packet: empty ones are not for nothing. */
const HEADER_BYTES = 32;
/** As long as anything waits. Real-time media does not notice. */
const TURN_MS = 5;
/** What waits longer than this at the full rate is of no more use to a call. */
const MAX_WAIT_SECONDS = 0.1;
/** Whatever the rate, a share may keep so much waiting. */
const MIN_WAITING_BYTES = 64 * 1024;
/** Of all accounts together. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

/**
 * Keeps each account to its rate: what is too much waits for its turn and, when too much waits, the oldest goes. One timer
 * serves all of them, and only while something waits.
 */
export class Shaper {
  readonly #bytesPerSecond: number;
  readonly #bytesPerSecondPerRelay: number;
  readonly #maxWaitingBytes: number;
  readonly #nowMs: () => number;
  readonly #counters: PlaneCounters;
  readonly #states: AllowanceStates | undefined;
  readonly #shares = new Map<string, Share>();
  /** Those in which something waits. */
  readonly #waiting = new Set<Share>();
  /** The one whose turn it is. */
  readonly #current = createWaitingPacket();
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #release: (packet: WaitingPacket) => void = () => undefined;

  constructor(settings: {
    readonly bytesPerSecond: number;
    /** No limit by default. */
    readonly bytesPerSecondPerRelay?: number | undefined;
    readonly nowMs: () => number;
    readonly counters: PlaneCounters;
    /** In the shaper's own memory by default. */
    readonly states?: AllowanceStates | undefined;
  }) {
    this.#bytesPerSecond = settings.bytesPerSecond;
    this.#bytesPerSecondPerRelay = settings.bytesPerSecondPerRelay ?? Infinity;
    this.#maxWaitingBytes = Math.max(MIN_WAITING_BYTES, settings.bytesPerSecond * MAX_WAIT_SECONDS);
    this.#nowMs = settings.nowMs;
    this.#counters = settings.counters;
    this.#states = settings.states;
  }

  /** Who takes the packets whose turn has come. */
  onRelease(release: (packet: WaitingPacket) => void): void {
    this.#release = release;
  }

  join(account: string): Share {
    let share = this.#shares.get(account);
    if (share === undefined) {
      const state = this.#states?.ofAccount(account);
      const allowance = new Allowance(this.#bytesPerSecond, this.#nowMs(), state);
      share = { account, allowance, waiting: new WaitingPackets(), relays: 0 };
      this.#shares.set(account, share);
    }
    share.relays += 1;
    return share;
  }

  leave(share: Share): void {
    const left = share;
    left.relays -= 1;
    if (left.relays > 0) return;
    while (share.waiting.count > 0) this.#waitingBytes -= share.waiting.drop();
    this.#waiting.delete(share);
    this.#shares.delete(share.account);
    this.#states?.forgetAccount(share.account);
  }

  /** What a new relay may carry; undefined where there is no limit. */
  ratesOfRelay(relay: RelayId): RelayRates | undefined {
    if (this.#bytesPerSecondPerRelay === Infinity) return undefined;
    const allowance = (way: keyof RelayRates): Allowance =>
      new Allowance(this.#bytesPerSecondPerRelay, this.#nowMs(), this.#states?.ofRelay(relay, way));
    return { toPeers: allowance('toPeers'), toClient: allowance('toClient') };
  }

  /** False for a packet that is too much for its relay, which is then counted as dropped. */
  mayCarry(allowance: Allowance | undefined, length: number): boolean {
    if (allowance === undefined || allowance.take(length, this.#nowMs)) return true;
    this.#counters.add(COUNTER.overRate, 1);
    return false;
  }

  /** True when a packet may go at once. Nothing overtakes what waits. */
  mayPass(share: Share, length: number): boolean {
    return share.waiting.count === 0 && share.allowance.take(length + HEADER_BYTES, this.#nowMs);
  }

  /** Lets a packet wait. `isLent`: its octets change when the call returns. */
  hold(
    relay: Relay,
    peer: Peer,
    port: number,
    isToClient: boolean,
    bytes: Uint8Array,
    start: number,
    length: number,
    isLent: boolean,
  ): void {
    const { share } = relay;
    const { waiting } = share;
    while (
      waiting.count > 0 &&
      (waiting.bytes + length > this.#maxWaitingBytes ||
        this.#waitingBytes + length > MAX_WAITING_BYTES ||
        waiting.count * HEADER_BYTES > this.#maxWaitingBytes)
    ) {
      this.#waitingBytes -= waiting.drop();
      this.#counters.add(COUNTER.overRate, 1);
    }
    if (this.#waitingBytes + length > MAX_WAITING_BYTES) {
      this.#counters.add(COUNTER.overRate, 1);
      return;
    }
    const octets = bytes.subarray(start, start + length);
    waiting.push(relay, peer, port, isToClient, isLent ? Buffer.from(octets) : octets);
    this.#waitingBytes += length;
    this.#counters.add(COUNTER.packetsDelayed, 1);
    this.#waiting.add(share);
    this.#timer ??= setInterval(() => {
      this.#turn();
    }, TURN_MS).unref();
  }

  #turn(): void {
    for (const share of this.#waiting) {
      this.#serve(share);
      if (share.waiting.count === 0) this.#waiting.delete(share);
    }
    if (this.#waiting.size === 0) this.stop();
  }

  #serve({ waiting, allowance }: Share): void {
    for (;;) {
      const length = waiting.first()?.octets.length;
      if (length === undefined || !allowance.take(length + HEADER_BYTES, this.#nowMs)) return;
      // Out of the queue first: from a relay to another of the same account it may have to wait once more.
      waiting.take(this.#current);
      this.#waitingBytes -= length;
      this.#release(this.#current);
    }
  }

  /** Nothing is released any more until the next packet has to wait. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
