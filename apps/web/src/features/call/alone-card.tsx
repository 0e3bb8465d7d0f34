import { useId } from 'preact/hooks';
import type { Rect } from '../../layout/arrange-tiles.ts';
import { useWords } from '../../session/session.ts';
import { InviteDetails } from '../invite/invite-details.tsx';
import { useGlide } from './use-glide.ts';
import './alone-card.css';
import { useCallWords } from './call-words.tsx';

export interface AloneCardProps {
  readonly rect: Rect;
  /** Whether others were here before. */
  readonly again: boolean;
}

/** In place of the others, as long as there are none: how to bring them in. */
export function AloneCard({ rect, again }: AloneCardProps) {
  const { t } = useWords();
  const c = useCallWords();
  const id = useId();
  const ref = useGlide<HTMLElement>(rect);
  return (
    <section ref={ref} class="alone" aria-labelledby={id}>
      <div class="alone__body">
        <div class="alone__words">
          <h2 id={id} class="alone__heading">
            {again ? c('call.alone.again') : t('call.alone.heading')}
          </h2>
          <p class="alone__detail">{c('call.alone.detail')}</p>
        </div>
        <InviteDetails />
      </div>
    </section>
  );
}
