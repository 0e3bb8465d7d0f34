import type { LocalMediaSnapshot } from '@callbox/client';
import { useSession, useWords } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { CopyLinkButton } from '../invite/copy-link-button.tsx';
import { detectBrowser } from './browser.ts';
import { describeFailures, type FailureNotice } from './describe-failures.ts';
import { useFailureWords, type FailureWords } from './failure-words.ts';

function Remedy({ notice, words }: { readonly notice: FailureNotice; readonly words: FailureWords }) {
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
          {words('insecure.action')}
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
  const { t } = useWords();
  const words = useFailureWords();
  if (words === null) return null;
  const browser = detectBrowser(navigator.userAgent, navigator.maxTouchPoints);
  return (
    <>
      {describeFailures(media ?? session.media.value, words, browser).map((notice) => (
        <Notice
          key={notice.text}
          tone="bad"
          action={<Remedy notice={notice} words={words} />}
          {...(onDismiss === undefined ? {} : { onDismiss, dismissLabel: t('app.close') })}
        >
          {notice.text}
        </Notice>
      ))}
    </>
  );
}
