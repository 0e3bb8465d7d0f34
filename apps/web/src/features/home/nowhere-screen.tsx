import { useWords } from '../../session/session.ts';
import { DeadEnd } from './dead-end.tsx';

/** For an address that is no page of ours: the server answers it with this page, too. */
export function NowhereScreen() {
  const { t } = useWords();
  return (
    <DeadEnd heading={t('nowhere.heading')}>
      <p class="dead-end__detail">{t('nowhere.detail')}</p>
    </DeadEnd>
  );
}
