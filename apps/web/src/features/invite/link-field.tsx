import { useSession } from '../../session/session.ts';
import './link-field.css';
import { useCallWords } from '../call/call-words.tsx';

/** The link itself, to be read, selected or copied by hand. */
export function LinkField() {
  const { link } = useSession();
  const c = useCallWords();
  return (
    <input
      class="link-field"
      type="text"
      readOnly
      value={link.value ?? ''}
      aria-label={c('call.link')}
      onFocus={(event) => event.currentTarget.select()}
    />
  );
}
