import { checkPath } from '../session/route.ts';
import { useSession, useWords } from '../session/session.ts';
import './check-link.css';

/**
 * The way to the page that checks the connection.
 *
 * @param inCall opens it beside the call, which stays.
 */
export function CheckLink({ inCall = false }: { readonly inCall?: boolean }) {
  const { router } = useSession();
  const { t } = useWords();
  return (
    <a
      class="check-link"
      href={router.hrefOf(checkPath)}
      {...(inCall ? { target: '_blank', rel: 'noopener' } : {})}
      onClick={(event) => {
        if (inCall || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        router.navigate(checkPath);
      }}
    >
      {t('check.link')}
    </a>
  );
}
