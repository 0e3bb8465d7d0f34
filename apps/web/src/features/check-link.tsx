import { checkPath } from '../session/route.ts';
import { useSession, useWords } from '../session/session.ts';
import './check-link.css';

/**
 * The ways to the pages that help where a call does not work: the one that checks the connection and, where this device may
 * distrust the server, the one with its certificate.
 *
 * @param inCall opens them beside the call, which stays.
 */
export function CheckLink({ inCall = false }: { readonly inCall?: boolean }) {
  const { router, authorityPath } = useSession();
  const { t } = useWords();
  const beside = inCall ? { target: '_blank', rel: 'noopener' } : {};
  return (
    <>
      <a
        class="check-link"
        href={router.hrefOf(checkPath)}
        {...beside}
        onClick={(event) => {
          if (inCall || event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          router.navigate(checkPath);
        }}
      >
        {t('check.link')}
      </a>
      {authorityPath !== undefined && (
        <a class="check-link" href={authorityPath} {...beside}>
          {t('check.trust')}
        </a>
      )}
    </>
  );
}
