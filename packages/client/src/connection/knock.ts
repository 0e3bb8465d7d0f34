export interface KnockOptions {
  /** Asks whether anybody is there; false and a rejection both mean no. */
  readonly knock: (signal: AbortSignal) => Promise<boolean>;
  readonly onAnswered: () => void;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/** Between two knocks; the jitter keeps many who were lost together from coming in step. */
const leastPauseMs = 500;
const jitterMs = 450;
/** For how long an answer is waited for. The next knock does not wait for that: what hangs holds nothing up. */
const patienceMs = 5_000;

/**
 * Knocks at a server that is away until it answers, with less than a second from one knock to the next.
 *
 * By plain HTTP, for browsers make those wait who open WebSockets in vain: Firefox half as long again each time, Chromium up
 * to five seconds; and both open one at a time to one address (RFC 6455 §4.1), so a handshake that hangs would hold up the
 * next. @returns the way to stop.
 */
export function startKnocking({ knock, onAnswered, random }: KnockOptions): () => void {
  const pending = new Set<AbortController>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  async function tryOnce(): Promise<void> {
    const abort = new AbortController();
    const limit = setTimeout(() => abort.abort(), patienceMs);
    pending.add(abort);
    const answered = await knock(abort.signal).catch(() => false);
    clearTimeout(limit);
    pending.delete(abort);
    if (!answered || over) return;
    stop();
    onAnswered();
  }

  function next(): void {
    void tryOnce();
    timer = setTimeout(next, leastPauseMs + jitterMs * random());
  }

  function stop(): void {
    over = true;
    clearTimeout(timer);
    for (const abort of pending) abort.abort();
  }

  timer = setTimeout(next, jitterMs * random());
  return stop;
}
