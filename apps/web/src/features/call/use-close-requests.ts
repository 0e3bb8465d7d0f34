import { useEffect } from 'preact/hooks';

/** As in the HTML standard. Not every browser has it yet. */
interface CloseWatcher extends EventTarget {
  destroy(): void;
}

declare global {
  interface Window {
    readonly CloseWatcher?: new () => CloseWatcher;
  }
}

/** Closes what covers the call when the platform asks for it, as Android's Back does: then it goes nowhere. */
export function useCloseRequests(isCovering: boolean, close: () => void): void {
  useEffect(() => {
    if (!isCovering || window.CloseWatcher === undefined) return undefined;
    const watcher = new window.CloseWatcher();
    watcher.addEventListener('close', close);
    return () => watcher.destroy();
  }, [isCovering, close]);
}
