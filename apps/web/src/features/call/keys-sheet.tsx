import { useSession, useWords } from '../../session/session.ts';
import { Sheet } from '../../ui/sheet.tsx';
import { callKeys } from './call-keys.ts';
import { useCallWords } from './call-words.tsx';
import './keys-sheet.css';

export interface KeysSheetProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Which key does what, and the switch that turns them off. */
export function KeysSheet({ open, onClose }: KeysSheetProps) {
  const { preferences } = useSession();
  const { t } = useWords();
  const c = useCallWords();
  const { singleKeys } = preferences.current.value;
  return (
    <Sheet open={open} heading={c('keys.heading')} closeLabel={t('app.close')} onClose={onClose}>
      <label class="keys__switch">
        <input
          type="checkbox"
          checked={singleKeys}
          onChange={({ currentTarget }) => preferences.update({ singleKeys: currentTarget.checked })}
        />
        {c('keys.switch')}
      </label>
      <dl class="keys" data-off={singleKeys ? undefined : ''}>
        {callKeys.map(({ key, action }) => (
          <div key={key} class="keys__row">
            <dt>
              <kbd class="keys__key">{key.toUpperCase()}</kbd>
            </dt>
            <dd>{c(`keys.${action}`)}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
