/**
 * Whether a timer that should have rung after `waitedMs` rang so late that the machine must have slept, or the page was
 * stopped. By the wall clock: on some systems the other one stands still in sleep. Pages in the background hear their
 * timers up to a second late, in long calls too.
 */
export function hasSlept(setAtMs: number, nowMs: number, waitedMs: number): boolean {
  return nowMs - setAtMs - waitedMs > 4_000;
}
