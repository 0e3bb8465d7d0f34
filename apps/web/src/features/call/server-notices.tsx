import type { Room } from '@callbox/client';
import { useState } from 'preact/hooks';
import { useSession, useWords } from '../../session/session.ts';
import { Notice } from '../../ui/notice.tsx';
import { useCallWords } from './call-words.tsx';
import { useServerNews } from './use-server-news.ts';

/** Quiet lines about the server. The call needs it for nothing but chat and newcomers, and goes on without. */
export function ServerNotices({ room }: { readonly room: Room }) {
  const { newerPage } = useSession();
  const { t } = useWords();
  const c = useCallWords();
  const { isAway, startedAfresh, dismissAfresh } = useServerNews(room);
  const [newerSeen, setNewerSeen] = useState(false);
  const close = t('app.close');
  return (
    <>
      {isAway && (
        <Notice tone="calm" icon="loader">
          {c('server.away')}
        </Notice>
      )}
      {startedAfresh && (
        <Notice tone="calm" dismissLabel={close} onDismiss={dismissAfresh}>
          {c('server.afresh')}
        </Notice>
      )}
      {newerPage.value && !newerSeen && (
        <Notice tone="calm" icon="rotate" dismissLabel={close} onDismiss={() => setNewerSeen(true)}>
          {c('server.newer')}
        </Notice>
      )}
    </>
  );
}
