import type { KnownDifference } from './known-difference.ts';

/** Where coturn 4.6.1 answers otherwise than the suite asks, and why the suite does not follow it. */
export const COTURN_DIFFERENCES: readonly KnownDifference[] = [];
