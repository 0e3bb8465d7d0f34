import { performance } from 'node:perf_hooks';
import type { Instant } from '../auth/instant.ts';

/** The only clocks of the package. */
export function now(): Instant {
  return { monotonicMs: monotonicMs(), epochSeconds: Math.floor(Date.now() / 1000) };
}

export function monotonicMs(): number {
  return performance.now();
}

/** The same moment on the calendar: milliseconds since 1970, by the system's clock as it is set now. */
export function toEpochMs(momentMs: number): number {
  return Math.round(Date.now() + momentMs - monotonicMs());
}
