import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { useSession } from '../../session/session.ts';
import { wouldLose } from './what-would-be-lost.ts';

/** Somebody was held up on the way out of the call: what would be lost. */
export interface HeldUp {
  readonly isSharing: boolean;
  /** Stays, and is asked again the next time. */
  readonly stay: () => void;
}

/**
 * Holds up who would lose something by leaving. Before the page goes the browser asks, in words of its own. Back and Forward
 * within the pages close what is open first; then the call says what would be lost, and the next time they leave.
 *
 * @param closePanel closes what is open in the call, and says whether something was.
 */
export function useLeaveGuard(closePanel: () => boolean): HeldUp | null {
  const { draft, media, router, unsent } = useSession();
  const isSharing = media.value.screen.kind === 'on';
  const isNeeded = wouldLose({ isSharing, draft: draft.value, unsent: unsent.value });
  const [wasHeldUp, setHeldUp] = useState(false);
  useEffect(() => {
    if (!isNeeded) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    // Only while it is needed: a page that listens cannot be kept by the browser for the way back.
    window.addEventListener('beforeunload', ask);
    return () => {
      window.removeEventListener('beforeunload', ask);
      setHeldUp(false);
    };
  }, [isNeeded]);
  // As soon as it is drawn: who closes something and goes back at once is to be held up by what is true then.
  useLayoutEffect(
    () =>
      router.guard(() => {
        if (closePanel()) return false;
        if (!isNeeded || wasHeldUp) return true;
        setHeldUp(true);
        return false;
      }),
    [router, closePanel, isNeeded, wasHeldUp],
  );
  return isNeeded && wasHeldUp ? { isSharing, stay: () => setHeldUp(false) } : null;
}
