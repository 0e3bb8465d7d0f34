export interface SignalHandlerOptions {
  readonly stop: () => Promise<void>;
  readonly exit: (code: number) => void;
  /** Told once, when the end begins. */
  readonly onEnding: () => void;
}

/** A clean end takes less; what is not closed by then is closed by the system. */
const stopWithinMs = 900;
/** npm passes a Ctrl-C on that the terminal has sent us already: two signals this close are one. */
const oneSignalMs = 250;

/** Makes what SIGINT and SIGTERM call: the first ends the program cleanly, a second one at once. */
export function createSignalHandler({ stop, exit, onEnding }: SignalHandlerOptions): () => void {
  let firstSignalAtMs: number | undefined;
  return () => {
    const nowMs = performance.now();
    if (firstSignalAtMs === undefined) {
      firstSignalAtMs = nowMs;
      onEnding();
      setTimeout(exit, stopWithinMs, 0);
      void stop().then(() => exit(0));
    } else if (nowMs - firstSignalAtMs > oneSignalMs) {
      exit(130);
    }
  };
}
