import { useId } from 'preact/hooks';
import type { Rect } from '../../layout/arrange-tiles.ts';
import { useWords } from '../../session/session.ts';
import { InviteDetails } from '../invite/invite-details.tsx';
import { useGlide } from './use-glide.ts';
import './alone-card.css';

/** In place of the others, as long as there are none: how to bring them in. */
export function AloneCard({ rect }: { readonly rect: Rect }) {
  const { t } = useWords();
  const id = useId();
  const ref = useGlide(rect);
  return (
    <section
      ref={(element) => {
        ref.current = element;
      }}
      class="alone"
      aria-labelledby={id}
    >
      <div class="alone__body">
        <div class="alone__words">
          <h2 id={id} class="alone__heading">
            {t('call.alone.heading')}
          </h2>
          <p class="alone__detail">{t('call.alone.detail')}</p>
        </div>
        <InviteDetails />
      </div>
    </section>
  );
}
