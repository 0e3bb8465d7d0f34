import { useSession, useWords } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useCallWords } from './call-words.tsx';
import { useAloud } from './use-aloud.ts';
import type { HeldUp } from './use-leave-guard.ts';

/** Says what leaving would lose, to who went back and was held up. */
export function LeaveNotice(heldUp: HeldUp) {
  const { stay } = useSession();
  const { t } = useWords();
  const c = useCallWords();
  const words = heldUp.isSharing ? c('leave.sharing') : c('leave.unsent');
  useAloud(words);
  return (
    <Notice
      tone="calm"
      action={<Button onClick={() => stay.leave()}>{t('call.leave.tip')}</Button>}
      onDismiss={heldUp.stay}
      dismissLabel={t('app.close')}
    >
      {words}
    </Notice>
  );
}
