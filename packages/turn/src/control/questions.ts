import type { ClientPath } from '../plane/client-path.ts';

/** A request of somebody whom only the embedder may know, kept until he has answered. */
export interface HeldRequest {
  readonly client: ClientPath;
  readonly octets: Uint8Array;
  readonly username: string;
  readonly heldUntilMs: number;
}

/** How much may wait for answers, and how long. */
export interface QuestionLimits {
  readonly maxHeldRequests: number;
  readonly timeoutMs: number;
}

/** The longest request that is held: what a client needs to say fits into one packet of any network. */
export const MAX_HELD_BYTES = 1500;

/**
 * Questions about users that are still open. Of each 5-tuple one request is held, the latest: the same one again is a
 * retransmission, another one means that the client has given the former up. All requests of one user wait for one
 * question.
 */
export class Questions {
  readonly #limits: QuestionLimits;
  readonly #heldByFiveTuple = new Map<string, HeldRequest>();
  /** 5-tuples whose requests wait, by user. */
  readonly #waiting = new Map<string, Set<string>>();

  constructor(limits: QuestionLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#heldByFiveTuple.size;
  }

  /** True when this very request is held already. */
  holds(fiveTuple: string, octets: Uint8Array): boolean {
    const held = this.#heldByFiveTuple.get(fiveTuple);
    return (
      held?.octets.length === octets.length && held.octets.every((octet, index) => octet === octets[index])
    );
  }

  /** Keeps a request: `ask` when its user has to be asked about, `join` when that has been done, `full` when it was not kept. */
  hold(fiveTuple: string, request: Omit<HeldRequest, 'heldUntilMs'>, nowMs: number): 'ask' | 'join' | 'full' {
    this.forget(fiveTuple);
    const { username, octets } = request;
    if (this.size >= this.#limits.maxHeldRequests || octets.length > MAX_HELD_BYTES) return 'full';
    const copy = new Uint8Array(octets);
    this.#heldByFiveTuple.set(fiveTuple, {
      ...request,
      octets: copy,
      heldUntilMs: nowMs + this.#limits.timeoutMs,
    });
    const companions = this.#waiting.get(username);
    if (companions !== undefined) {
      companions.add(fiveTuple);
      return 'join';
    }
    this.#waiting.set(username, new Set([fiveTuple]));
    return 'ask';
  }

  /** The requests that waited for this user; they wait no longer. */
  take(username: string): readonly HeldRequest[] {
    return this.#takeAll(this.#waiting.get(username) ?? []);
  }

  /** The requests that have waited too long. */
  takeLate(nowMs: number): readonly HeldRequest[] {
    const late: string[] = [];
    // In the order in which they came, and all wait equally long.
    for (const [fiveTuple, { heldUntilMs }] of this.#heldByFiveTuple) {
      if (heldUntilMs > nowMs) break;
      late.push(fiveTuple);
    }
    return this.#takeAll(late);
  }

  /** The client is gone, or has something else to say. */
  forget(fiveTuple: string): void {
    this.#takeAll([fiveTuple]);
  }

  /** Nobody waits any more. */
  clear(): void {
    this.#heldByFiveTuple.clear();
    this.#waiting.clear();
  }

  #takeAll(fiveTuples: Iterable<string>): readonly HeldRequest[] {
    return [...fiveTuples].flatMap((fiveTuple) => {
      const held = this.#heldByFiveTuple.get(fiveTuple);
      if (held === undefined) return [];
      this.#heldByFiveTuple.delete(fiveTuple);
      const companions = this.#waiting.get(held.username);
      companions?.delete(fiveTuple);
      if (companions?.size === 0) this.#waiting.delete(held.username);
      return [held];
    });
  }
}
