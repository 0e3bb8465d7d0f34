/** How much one connection may send. */
export interface MessageAllowance {
  /** What may be sent at once. */
  readonly burst: number;
  /** What is forgiven each second. */
  readonly perSecond: number;
}

/** Measures what one connection sends, as a leaking bucket does: each message fills it, time empties it. */
export interface MessageMeter {
  add(cost: number, nowMs: number): void;
  /** More came than the allowance: messages are refused until some of it is forgiven. */
  isLimited(): boolean;
  /** Twice the allowance: refusals are not heeded, and answering them is work that the sender chooses for us. */
  isFlooded(): boolean;
}

export function createMessageMeter(allowance: MessageAllowance): MessageMeter {
  let level = 0;
  let measuredAtMs = 0;
  return {
    add(cost, nowMs) {
      const forgiven = ((nowMs - measuredAtMs) / 1_000) * allowance.perSecond;
      level = Math.max(0, level - forgiven) + cost;
      measuredAtMs = nowMs;
    },
    isLimited: () => level > allowance.burst,
    isFlooded: () => level > 2 * allowance.burst,
  };
}

/**
 * What a room of this size needs, several times over. One who joins or restarts every connection sends each of the others
 * an offer and at most some sixty candidates; both may happen in one second, and again when the first try fails.
 */
export function messageAllowance(maxParticipants: number): MessageAllowance {
  const burst = 500 + 200 * maxParticipants;
  return { burst, perSecond: burst / 20 };
}

/** Counts a message as one, and once more for every four thousand characters. */
export function messageCost(characters: number): number {
  return 1 + Math.floor(characters / 4_000);
}
