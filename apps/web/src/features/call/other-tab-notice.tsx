import { useEffect, useState } from 'preact/hooks';
import { useSession, useWords } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useCallWords } from './call-words.tsx';
import { useAloud } from './use-aloud.ts';
import { watchOtherTabs } from './watch-other-tabs.ts';

/** Two tabs of one room in one browser hear each other, and howl. */
export function OtherTabNotice() {
  const { stay } = useSession();
  const { t } = useWords();
  const c = useCallWords();
  const [isThere, setThere] = useState(false);
  const [dismissed, setDismissed] = useState(false);
  const room = stay.room.value?.room ?? null;
  useEffect(() => (room === null ? undefined : watchOtherTabs(room, setThere)), [room]);
  const isShown = isThere && !dismissed;
  useAloud(isShown ? c('otherTab') : null);
  if (!isShown) return null;
  return (
    <Notice
      tone="calm"
      icon="volume"
      action={<Button onClick={() => stay.leave()}>{c('otherTab.leave')}</Button>}
      onDismiss={() => setDismissed(true)}
      dismissLabel={t('app.close')}
    >
      {c('otherTab')}
    </Notice>
  );
}
