/** What a worker is started with: one argument, as JSON. */
export interface WorkerSettings {
  /** Which of the workers' parts of the shared memory is its own, and how many there are. */
  readonly slot: number;
  readonly workers: number;
  readonly bytesPerSecondPerUser: number | null;
  readonly bytesPerSecondPerRelay: number | null;
  readonly seed: number;
  /** `systemClockOffsetMs` of main. */
  readonly clockOffsetMs: number;
}

/** The descriptors of a worker; 0 to 2 are what they always are. */
export const CHANNEL_FD = 3;
export const MEMORY_FD = 4;

/** JSON has no infinity. */
export function finiteOrNull(rate: number): number | null {
  return Number.isFinite(rate) ? rate : null;
}
