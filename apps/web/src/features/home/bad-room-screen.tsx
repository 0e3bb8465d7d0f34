import { limits } from '@callbox/client';
import { useWords } from '../../session/session.ts';
import { DeadEnd } from './dead-end.tsx';
import { whyNoName } from './room-input.ts';

/** For an address under `/r/` that cannot be a room. */
export function BadRoomScreen({ text }: { readonly text: string }) {
  const { t } = useWords();
  const max = limits.roomNameLength;
  return (
    <DeadEnd heading={t('badRoom.heading')}>
      <p class="dead-end__detail">{t('badRoom.detail', { room: text })}</p>
      <p class="dead-end__detail">
        {whyNoName(text, max) === 'too-long' ? t('home.join.tooLong', { max }) : t('home.join.invalid')}
      </p>
    </DeadEnd>
  );
}
