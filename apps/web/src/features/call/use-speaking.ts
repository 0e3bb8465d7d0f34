import { useEffect, useMemo, useRef } from 'preact/hooks';
import { createSpeaking, type Speaking } from '../../session/speaking.ts';
import { useSession } from '../../session/session.ts';

const everyMs = 100;

/**
 * Follows who is speaking for as long as the call is on the screen.
 *
 * @param isElsewhere whether the call is to be seen outside of its page, too.
 */
export function useSpeaking(isElsewhere: boolean): Speaking['ids'] {
  const { localMedia, stay } = useSession();
  const speaking = useMemo(createSpeaking, []);
  const seenElsewhere = useRef(isElsewhere);
  seenElsewhere.current = isElsewhere;

  useEffect(() => {
    const timer = window.setInterval(() => {
      // Nobody sees it.
      if (document.visibilityState === 'hidden' && !seenElsewhere.current) return;
      const state = stay.state.peek();
      if (state.kind !== 'inside') return;
      const levels = new Map<string, number>();
      const { self, participants } = state.room.snapshot;
      if (self.id !== null) levels.set(self.id, localMedia.level());
      // Somebody who says that they are muted is not speaking, whatever still arrives.
      for (const { id, media } of participants) levels.set(id, media.audio ? state.room.level(id) : 0);
      speaking.sample(levels, performance.now());
    }, everyMs);
    return () => window.clearInterval(timer);
  }, [localMedia, speaking, stay]);

  return speaking.ids;
}
