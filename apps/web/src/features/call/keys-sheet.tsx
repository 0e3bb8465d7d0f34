import { useSession, useWords } from '../../session/session.ts';
import { Sheet } from '../../ui/sheet.tsx';
import { chord } from '../devices/chord.ts';
import { callKeys, type CallAction } from './call-keys.ts';
import { useCallWords } from './call-words.tsx';
import './keys-sheet.css';

/** What does the same on every page, and is not switched off: nobody types it by mistake. */
const chordOf: Partial<Readonly<Record<CallAction, string>>> = { microphone: 'D', camera: 'E' };

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
            {chordOf[action] !== undefined && (
              <dt class="keys__chord">
                <kbd class="keys__key">{chord(chordOf[action])}</kbd>
              </dt>
            )}
            <dd>{c(`keys.${action}`)}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
