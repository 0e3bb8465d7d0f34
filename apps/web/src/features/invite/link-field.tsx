import { useSession, useWords } from '../../session/session.ts';
import './link-field.css';

/** The link itself, to be read, selected or copied by hand. */
export function LinkField() {
  const { link } = useSession();
  const { t } = useWords();
  return (
    <input
      class="link-field"
      type="text"
      readOnly
      value={link.value ?? ''}
      aria-label={t('call.link')}
      onFocus={(event) => event.currentTarget.select()}
    />
  );
}
