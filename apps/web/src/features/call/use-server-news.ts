import type { Room } from '@callbox/client';
import { useEffect, useState } from 'preact/hooks';
import { cacheFile, createPageParts, fetchJson, type PageParts } from '../../session/page-parts.ts';
import { useSession } from '../../session/session.ts';
import { useCallWords } from './call-words.tsx';

/** What there is to say of the server during a call. */
export interface ServerNews {
  readonly isAway: boolean;
  readonly startedAfresh: boolean;
  readonly dismissAfresh: () => void;
}

/** An absence that nobody notices is not worth a word. */
const noticeableMs = 2_000;
/** Until then the browser has enough to do with the call itself. */
const keepPartsAfterMs = 3_000;

/** One for the page, however often a call is left and entered again. */
const ownParts = createPageParts({ document, fetch: fetchJson, cache: cacheFile, ownPart: import.meta.url });

/** Follows how the server is, and tells screen readers what the eyes are told. */
export function useServerNews(room: Room, parts: PageParts = ownParts): ServerNews {
  const { announcer, newerPage } = useSession();
  const c = useCallWords();
  const [isAway, setAway] = useState(false);
  const [startedAfresh, setAfresh] = useState(false);

  useEffect(() => {
    const keep = () => void parts.keep().catch(() => {});
    const timer = setTimeout(keep, keepPartsAfterMs);
    return () => clearTimeout(timer);
  }, [room]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let told = false;

    function tell(): void {
      told = true;
      setAway(true);
      announcer.say(c('server.away'));
    }

    async function lookForNewerPage(): Promise<void> {
      if (await parts.isOutdated()) newerPage.value = true;
    }

    // Whoever lost the server before the call was drawn has heard nothing of it.
    if (room.snapshot.state.kind === 'reconnecting') timer = setTimeout(tell, noticeableMs);
    const stops = [
      room.on('state-changed', ({ kind }) => {
        clearTimeout(timer);
        if (kind === 'reconnecting') timer = setTimeout(tell, noticeableMs);
        if (kind !== 'joined') return;
        if (told) announcer.say(c('server.back'));
        told = false;
        setAway(false);
        void lookForNewerPage();
      }),
      room.on('started-afresh', () => {
        setAfresh(true);
        announcer.say(c('server.afresh'));
      }),
    ];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [room, c]);

  return { isAway, startedAfresh, dismissAfresh: () => setAfresh(false) };
}
