import { describeRefusal } from '../../session/refusal-words.ts';
import { useSession, useWords } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { PageFrame } from '../page-frame.tsx';
import { Rating } from './rating.tsx';
import './left-screen.css';

export interface LeftScreenProps {
  readonly durationMs: number;
}

/** After the call: the way back, how long it was, and one question. */
export function LeftScreen({ durationMs }: LeftScreenProps) {
  const session = useSession();
  const words = useWords();
  const { t } = words;
  const state = session.stay.state.value;
  const refusal = state.kind === 'ended' ? state.refusal : null;
  return (
    <PageFrame>
      <div class="left">
        <div class="left__words">
          <h1 class="left__heading">{t(refusal === null ? 'left.heading' : 'left.lost.heading')}</h1>
          {refusal !== null && <p class="left__detail">{describeRefusal(refusal, words).text}</p>}
          <p class="left__detail">{t('left.duration', { duration: words.span(durationMs) })}</p>
        </div>
        <div class="left__ways">
          <Button look="primary" large icon="rotate" onClick={() => void session.rejoin()}>
            {t('left.rejoin')}
          </Button>
          <Button large onClick={() => session.router.navigate('/')}>
            {t('app.backToStart')}
          </Button>
        </div>
        <Rating />
      </div>
    </PageFrame>
  );
}
