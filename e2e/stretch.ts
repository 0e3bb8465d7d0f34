import { availableParallelism, loadavg } from 'node:os';

const MAX_STRETCH = 4;

/** What is promised of a machine that has nothing else to do; one with more to run than it has cores does it that much later. */
export function stretch(deadlineMs: number): number {
  const stretched = Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
  return deadlineMs * Math.min(stretched, MAX_STRETCH);
}
