import { learnRoundTrip, probeEveryMs, silenceMs, type Patience } from '../logic/patience.ts';

export interface ProbeOptions {
  readonly patience: Patience;
  readonly learn: (patience: Patience) => void;
  /** Asks the server for a sign of life. */
  readonly ask: (onSign: () => void) => void;
  /** There was none in time. Told once. */
  readonly onSilent: () => void;
}

/** A timer that rings so late says more about this page than about the server. */
const lateMs = 250;

/**
 * Asks again and again for a sign of life. A dead server, or a network that has changed, leaves a socket open for minutes
 * without a word. @returns the way to stop.
 */
export function startProbe({ patience: known, learn, ask, onSilent }: ProbeOptions): () => void {
  let patience = known;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let round = 0;

  function probe(): void {
    round += 1;
    const asked = round;
    const askedAtMs = performance.now();
    const limitMs = silenceMs(patience);
    timer = setTimeout(() => judge(askedAtMs + limitMs), limitMs);
    ask(() => {
      if (asked !== round) return;
      patience = learnRoundTrip(patience, performance.now() - askedAtMs);
      learn(patience);
      again();
    });
  }

  function judge(dueAtMs: number): void {
    // The page itself stood still: the answer may lie there, unread.
    if (performance.now() - dueAtMs > lateMs) timer = setTimeout(() => judge(Infinity), lateMs);
    else {
      stop();
      onSilent();
    }
  }

  function again(): void {
    clearTimeout(timer);
    timer = setTimeout(probe, probeEveryMs);
  }

  function stop(): void {
    round += 1;
    clearTimeout(timer);
  }

  probe();
  return stop;
}
