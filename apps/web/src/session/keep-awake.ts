import { effect } from '@preact/signals';

export interface KeepAwakeOptions {
  /** Whether the screen is to stay lit; signals are read in it. */
  readonly isWanted: () => boolean;
  readonly navigator: Partial<Pick<Navigator, 'wakeLock'>>;
  readonly document: Pick<Document, 'visibilityState' | 'addEventListener'>;
}

/** Keeps the screen lit while it is wanted. The browser drops the lock whenever the page is hidden: it is asked anew then. */
export function keepAwake({ isWanted, navigator, document }: KeepAwakeOptions): void {
  let lock: WakeLockSentinel | null = null;
  async function follow(): Promise<void> {
    if (navigator.wakeLock === undefined) return;
    try {
      if (isWanted() && document.visibilityState === 'visible' && (lock === null || lock.released)) {
        lock = await navigator.wakeLock.request('screen');
      } else if (!isWanted()) {
        await lock?.release();
        lock = null;
      }
    } catch {
      // Low battery: the system decides.
    }
  }
  effect(() => {
    isWanted();
    void follow();
  });
  document.addEventListener('visibilitychange', () => void follow());
}
