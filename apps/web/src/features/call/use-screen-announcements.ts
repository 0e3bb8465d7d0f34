import { useEffect, useRef } from 'preact/hooks';
import { listPeople } from '../../session/people.ts';
import { useSession, useWords } from '../../session/session.ts';
import { useCallWords } from './call-words.tsx';

/** Tells screen readers who begins to show a screen and who no longer does, this person included. */
export function useScreenAnnouncements(): void {
  const { announcer, media, stay } = useSession();
  const { t } = useWords();
  const c = useCallWords();
  const told = useRef(new Map<string, string>());
  const room = stay.room.value;
  const others = room === null ? [] : listPeople(room, media.value).filter(({ screen }) => screen);
  const sharing = media.value.screen.kind === 'on';
  const shared = useRef(sharing);

  useEffect(() => {
    const now = new Map(
      others.map(({ id, displayName }) => [id, displayName === '' ? t('app.guest') : displayName]),
    );
    for (const [id, name] of now) if (!told.current.has(id)) announcer.say(c('announce.shares', { name }));
    for (const [id, name] of told.current) {
      if (!now.has(id)) announcer.say(c('announce.sharesNoMore', { name }));
    }
    told.current = now;
    if (shared.current === sharing) return;
    shared.current = sharing;
    announcer.say(c(sharing ? 'announce.youShare' : 'announce.youShareNoMore'));
  });
}
