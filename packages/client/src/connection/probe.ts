import { learnRoundTrip, probeEveryMs, silenceMs, type Patience } from '../logic/patience.ts';
import { waitAwake } from './wait-awake.ts';

export interface ProbeOptions {
  readonly patience: Patience;
  readonly learn: (patience: Patience) => void;
  /** Asks the server for a sign of life. */
  readonly ask: (onSign: () => void) => void;
  /** There was none in time. Told once. */
  readonly onSilent: () => void;
}

/**
 * Asks again and again for a sign of life. A dead server, or a network that has changed, leaves a socket open for minutes
 * without a word. @returns the way to stop.
 */
export function startProbe({ patience: known, learn, ask, onSilent }: ProbeOptions): () => void {
  let patience = known;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopWaiting = () => {};
  let round = 0;

  function probe(): void {
    round += 1;
    const asked = round;
    const askedAtMs = performance.now();
    stopWaiting = waitAwake(silenceMs(patience), () => {
      stop();
      onSilent();
    });
    ask(() => {
      if (asked !== round) return;
      patience = learnRoundTrip(patience, performance.now() - askedAtMs);
      learn(patience);
      again();
    });
  }

  function again(): void {
    stopWaiting();
    timer = setTimeout(probe, probeEveryMs);
  }

  function stop(): void {
    round += 1;
    stopWaiting();
    clearTimeout(timer);
  }

  probe();
  return stop;
}
