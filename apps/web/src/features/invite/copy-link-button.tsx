import { useWords } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { useCopyLink } from './use-copy-link.ts';

/** "Copy link", which says for a moment that it did. */
export function CopyLinkButton({ look = 'secondary' }: { readonly look?: 'primary' | 'secondary' }) {
  const { t } = useWords();
  const { state, copy } = useCopyLink();
  const text = { idle: 'app.copyLink', copied: 'app.copied', failed: 'app.copyFailed' } as const;
  return (
    <Button look={look} icon={state === 'copied' ? 'check' : 'copy'} onClick={() => void copy()}>
      {t(text[state])}
    </Button>
  );
}
