import type { ComponentChildren } from 'preact';
import { useSession, useWords } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { PageFrame } from '../page-frame.tsx';
import './dead-end.css';

export interface DeadEndProps {
  readonly heading: string;
  /** Paragraphs that say why. */
  readonly children: ComponentChildren;
}

/** An address that leads to no screen, and the way back to the start. */
export function DeadEnd({ heading, children }: DeadEndProps) {
  const { router } = useSession();
  const { t } = useWords();
  return (
    <PageFrame>
      <div class="dead-end">
        <h1 class="dead-end__heading">{heading}</h1>
        {children}
        <Button look="primary" onClick={() => router.navigate('/')}>
          {t('app.backToStart')}
        </Button>
      </div>
    </PageFrame>
  );
}
