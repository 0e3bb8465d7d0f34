/** How long one step of a wait is. */
const stepMs = 200;
/** What a step counts for at most: one that takes longer says more about this page than about whom it waits for. */
const mostMs = 300;

/**
 * Waits for so long as this page itself is awake. A machine that sleeps or has no processor to spare hands over late what has
 * arrived in time, and to take the other side for dead then is to make it worse; so steps that ring late count for little, and
 * the last one is followed by another, in which what lies there is read. @returns the way to stop.
 */
export function waitAwake(waitMs: number, onOver: () => void): () => void {
  let leftMs = waitMs;
  let begunAtMs = performance.now();
  let wasLate = false;
  let timer = setTimeout(step, Math.min(stepMs, leftMs));

  function step(): void {
    const tookMs = performance.now() - begunAtMs;
    leftMs -= Math.min(tookMs, mostMs);
    if (leftMs <= 0 && (wasLate || tookMs <= mostMs)) return onOver();
    wasLate = leftMs <= 0;
    begunAtMs = performance.now();
    timer = setTimeout(step, Math.max(1, wasLate ? stepMs : Math.min(stepMs, leftMs)));
  }

  return () => clearTimeout(timer);
}
