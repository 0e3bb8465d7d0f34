import { useEffect, useState } from 'preact/hooks';
import { useSession } from '../../session/session.ts';

export type CopyState = 'idle' | 'copied' | 'failed';

const shownMs = 2_500;

export interface CopyLink {
  readonly state: CopyState;
  /** Resolves with whether the link is in the clipboard. */
  readonly copy: () => Promise<boolean>;
}

/** Copies the link of this room, and tells for a moment how that went. */
export function useCopyLink(): CopyLink {
  const { link, announcer, words } = useSession();
  const [state, setState] = useState<CopyState>('idle');

  useEffect(() => {
    if (state === 'idle') return undefined;
    const timer = window.setTimeout(() => setState('idle'), shownMs);
    return () => window.clearTimeout(timer);
  }, [state]);

  async function copy(): Promise<boolean> {
    const { t } = words.peek();
    try {
      await navigator.clipboard.writeText(link.peek() ?? location.href);
      setState('copied');
      announcer.say(t('app.copied'));
      return true;
    } catch {
      // No clipboard without HTTPS, or not allowed: the link itself is in reach.
      setState('failed');
      announcer.say(t('app.copyFailed'));
      return false;
    }
  }

  return { state, copy };
}
