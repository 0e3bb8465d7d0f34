import { isIPv6 } from 'node:net';

export interface VisitRate {
  /** How many visits in a row. */
  readonly burst: number;
  /** How long one of them takes to come back. */
  readonly secondsPerVisit: number;
}

/** Counts the visits of each address. */
export interface VisitLimiter {
  /** Whether one more visit is granted now; false is the time to say no. */
  allow(address: string, nowMs: number): boolean;
}

/** A fixed size, however many strangers come by. */
const maxAddresses = 4_096;

/** Who has one IPv6 address has a whole /64 of them (RFC 6177). */
function neighbourhoodOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return [...before, ...(tail === undefined ? [] : zeros), ...after].slice(0, 4).join(':');
}

interface Bucket {
  visits: number;
  atMs: number;
}

/** Makes a limiter: a bucket of visits per address, refilled evenly. */
export function createVisitLimiter({ burst, secondsPerVisit }: VisitRate): VisitLimiter {
  const buckets = new Map<string, Bucket>();

  return {
    allow(address, nowMs) {
      const key = neighbourhoodOf(address);
      const known = buckets.get(key) ?? { visits: burst, atMs: nowMs };
      const refilled = (nowMs - known.atMs) / (secondsPerVisit * 1000);
      const visits = Math.min(burst, known.visits + Math.max(0, refilled));
      const granted = visits >= 1;
      // Taken out and put back, so that the first of the map is the one that was not seen for longest.
      buckets.delete(key);
      buckets.set(key, { visits: granted ? visits - 1 : visits, atMs: nowMs });
      if (buckets.size > maxAddresses) {
        for (const oldest of buckets.keys()) {
          buckets.delete(oldest);
          break;
        }
      }
      return granted;
    },
  };
}
