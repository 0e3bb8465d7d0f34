import { useEffect } from 'preact/hooks';
import { useSession } from '../../session/session.ts';
import { wouldLose } from './what-would-be-lost.ts';

/** Has the browser ask before the page goes, but only while that would lose something. Its words are the browser's own. */
export function useLeaveGuard(): void {
  const { draft, media, unsent } = useSession();
  const isNeeded = wouldLose({
    isSharing: media.value.screen.kind === 'on',
    draft: draft.value,
    unsent: unsent.value,
  });
  useEffect(() => {
    if (!isNeeded) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    // Only while it is needed: a page that listens cannot be kept by the browser for the way back.
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isNeeded]);
}
