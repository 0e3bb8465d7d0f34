import type { LocalMediaSnapshot } from '@callbox/client';
import { describeFailures, type FailureNotice } from '../../session/failure-words.ts';
import { useSession, useWords } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { CopyLinkButton } from '../invite/copy-link-button.tsx';

function Remedy({ notice }: { readonly notice: FailureNotice }) {
  const { localMedia } = useSession();
  const { t } = useWords();
  switch (notice.remedy) {
    case 'try-again':
      return <Button onClick={() => void localMedia.acquire(notice.wanted)}>{t('app.tryAgain')}</Button>;
    case 'copy-link':
      return <CopyLinkButton />;
    case 'open-secure':
      return (
        <Button onClick={() => location.assign(location.href.replace(/^http:/, 'https:'))}>
          {t('failure.insecure.action')}
        </Button>
      );
  }
}

export interface FailureNoticesProps {
  /** What to speak of, where that is not all that fails. */
  readonly media?: LocalMediaSnapshot;
  readonly onDismiss?: () => void;
}

/** What is wrong with this person's devices, in words, each with its way out. */
export function FailureNotices({ media, onDismiss }: FailureNoticesProps) {
  const session = useSession();
  const words = useWords();
  return (
    <>
      {describeFailures(media ?? session.media.value, words, session.browser).map((notice) => (
        <Notice
          key={notice.text}
          tone="bad"
          action={<Remedy notice={notice} />}
          {...(onDismiss === undefined ? {} : { onDismiss, dismissLabel: words.t('app.close') })}
        >
          {notice.text}
        </Notice>
      ))}
    </>
  );
}
