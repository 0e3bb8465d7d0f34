import { useEffect, useState } from 'preact/hooks';

/** Who looks elsewhere for a moment comes back to pictures that never stopped. */
const lookingAwayMs = 3_000;

/** Whether this page can be seen: a tab in the background, and a minimized window, cannot. */
export function useIsSeen(): boolean {
  const [isSeen, setSeen] = useState(document.visibilityState === 'visible');
  useEffect(() => {
    let timer = 0;
    function follow(): void {
      window.clearTimeout(timer);
      if (document.visibilityState === 'visible') setSeen(true);
      else timer = window.setTimeout(() => setSeen(false), lookingAwayMs);
    }
    document.addEventListener('visibilitychange', follow);
    return () => {
      window.clearTimeout(timer);
      document.removeEventListener('visibilitychange', follow);
    };
  }, []);
  return isSeen;
}
