import type { IpAddress } from '@callbox/stun';
import { hashSource } from './hash-source.ts';

/** Remembers for a while who was heard. */
export interface RecentSources {
  note(address: IpAddress, nowMs: number): void;
  /** True when the address was heard within that time; now and then also for one that was not. */
  wasHeard(address: IpAddress, nowMs: number, withinMs: number): boolean;
}

const DEFAULT_TABLE_BITS = 14;

/**
 * Times in a table of fixed size, so that strangers take no memory, however many there are. An IPv6 source is its /64.
 * Sources whose hashes collide share a place: ask only where a wrong yes does little harm.
 *
 * @param tableBits logarithm of the number of places
 */
export function createRecentSources(seed: number, tableBits = DEFAULT_TABLE_BITS): RecentSources {
  const heardAtMs = new Float64Array(2 ** tableBits).fill(Number.NEGATIVE_INFINITY);
  const placeOf = ({ address }: IpAddress): number => hashSource(address, seed) >>> (32 - tableBits);
  return {
    note: (address, nowMs) => {
      heardAtMs[placeOf(address)] = nowMs;
    },
    wasHeard: (address, nowMs, withinMs) =>
      nowMs - (heardAtMs[placeOf(address)] ?? Number.NEGATIVE_INFINITY) <= withinMs,
  };
}
