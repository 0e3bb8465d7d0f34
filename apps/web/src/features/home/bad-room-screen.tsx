import { useSession, useWords } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { PageFrame } from '../page-frame.tsx';
import './bad-room-screen.css';

/** For an address under `/r/` that cannot be a room. */
export function BadRoomScreen({ text }: { readonly text: string }) {
  const { router } = useSession();
  const { t } = useWords();
  return (
    <PageFrame>
      <div class="bad-room">
        <h1 class="bad-room__heading">{t('badRoom.heading')}</h1>
        <p class="bad-room__detail">{t('badRoom.detail', { room: text })}</p>
        <p class="bad-room__detail">{t('home.join.invalid')}</p>
        <Button look="primary" onClick={() => router.navigate('/')}>
          {t('app.backToStart')}
        </Button>
      </div>
    </PageFrame>
  );
}
