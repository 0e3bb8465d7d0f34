import { useState } from 'preact/hooks';
import { describeRefusal } from '../../session/refusal-words.ts';
import { useSession, useWords } from '../../session/session.ts';
import type { EndedStay } from '../../session/stay.ts';
import { Button } from '../../ui/button.tsx';
import { CallIcons } from '../../ui/call-icons.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useLasting } from '../../ui/use-lasting.ts';
import { CallWordsProvider } from '../call/call-words.tsx';
import { CheckLink } from '../check-link.tsx';
import { PageFrame } from '../page-frame.tsx';
import { Rating } from './rating.tsx';
import './left-screen.css';

/** After the call: the way back, how long it was, and one question. */
export function LeftScreen({ ended }: { readonly ended: EndedStay }) {
  const session = useSession();
  const words = useWords();
  const { t } = words;
  const { durationMs, refusal } = ended;
  const [pressed, setPressed] = useState(false);
  const rejoining = useLasting(pressed || session.stay.state.value.kind === 'joining', 400);

  async function rejoin(): Promise<void> {
    if (pressed) return;
    setPressed(true);
    await session.rejoin();
  }

  return (
    <PageFrame>
      <div class="left">
        <div class="left__words">
          <h1 class="left__heading">{t(refusal === null ? 'left.heading' : 'left.lost.heading')}</h1>
          {refusal !== null && <p class="left__detail">{describeRefusal(refusal, words).text}</p>}
          <p class="left__detail">{t('left.duration', { duration: words.span(durationMs) })}</p>
        </div>
        <div class="left__ways">
          <Button look="primary" large icon="rotate" busy={rejoining} onClick={() => void rejoin()}>
            {t(rejoining ? 'preJoin.joining' : 'left.rejoin')}
          </Button>
          <Button large onClick={() => session.router.navigate('/')}>
            {t('app.backToStart')}
          </Button>
        </div>
        {refusal !== null && <CheckLink />}
        {session.newerPage.value && (
          <Notice
            tone="calm"
            icon="rotate"
            action={<Button onClick={() => location.reload()}>{t('app.reload')}</Button>}
          >
            {t('app.newer')}
          </Notice>
        )}
        <CallIcons>
          <CallWordsProvider>
            <Rating />
          </CallWordsProvider>
        </CallIcons>
      </div>
    </PageFrame>
  );
}
