import type { IpAddress } from '@callbox/stun';
import { hashSource } from './hash-source.ts';

/** Limits how many answers go to strangers, by the address they would go to. */
export interface AnswerLimiter {
  /** True when one more answer may go there now; it is counted then. */
  mayAnswer(address: IpAddress, nowMs: number): boolean;
}

/** How many answers one source gets. */
export interface AnswerRate {
  readonly burst: number;
  readonly perSecond: number;
}

const DEFAULT_TABLE_BITS = 14;

/**
 * Token buckets in a table of fixed size: a flood from any number of forged sources takes no memory. An IPv6 source is
 * its /64. Sources whose hashes collide share a bucket; the seed keeps an attacker from aiming at somebody's.
 *
 * @param tableBits logarithm of the number of buckets
 */
export function createAnswerLimiter(
  { burst, perSecond }: AnswerRate,
  seed: number,
  tableBits = DEFAULT_TABLE_BITS,
): AnswerLimiter {
  const size = 2 ** tableBits;
  const tokens = new Float64Array(size).fill(burst);
  const updatedAtMs = new Float64Array(size);

  return {
    mayAnswer: ({ address }, nowMs) => {
      const bucket = hashSource(address, seed) >>> (32 - tableBits);
      const elapsedMs = Math.max(0, nowMs - (updatedAtMs[bucket] ?? 0));
      const available = Math.min(burst, (tokens[bucket] ?? 0) + (elapsedMs * perSecond) / 1000);
      updatedAtMs[bucket] = nowMs;
      tokens[bucket] = available >= 1 ? available - 1 : available;
      return available >= 1;
    },
  };
}
