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

/** What is wrong with this person's devices, in words, each with its way out. */
export function FailureNotices() {
  const { media, browser } = useSession();
  const words = useWords();
  return (
    <>
      {describeFailures(media.value, words, browser).map((notice) => (
        <Notice key={notice.text} tone="bad" action={<Remedy notice={notice} />}>
          {notice.text}
        </Notice>
      ))}
    </>
  );
}
