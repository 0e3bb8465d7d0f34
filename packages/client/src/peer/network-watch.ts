import { hasSlept } from '../logic/nap.ts';

export interface NetworkWatchOptions {
  /** This browser has come to another network. */
  readonly onChanged: () => void;
  /** It may have. */
  readonly onHint: () => void;
}

const tickMs = 2_000;

/** Finds out by what browsers tell, and by sleep, when paths may be dead that look alive. @returns the way to stop. */
export function watchNetwork({ onChanged, onHint }: NetworkWatchOptions): () => void {
  // Chromium only. It also tells of guesses about speed, so it proves nothing.
  const link: unknown = 'connection' in navigator ? navigator.connection : null;
  let setAtMs = Date.now();
  const timer = setInterval(() => {
    const nowMs = Date.now();
    if (hasSlept(setAtMs, nowMs, tickMs)) onHint();
    setAtMs = nowMs;
  }, tickMs);
  globalThis.addEventListener('online', onChanged);
  if (link instanceof EventTarget) link.addEventListener('change', onHint);
  return () => {
    clearInterval(timer);
    globalThis.removeEventListener('online', onChanged);
    if (link instanceof EventTarget) link.removeEventListener('change', onHint);
  };
}
