import { IconButton } from '../../ui/button.tsx';
import { useCallWords } from './call-words.tsx';
import './pager.css';

export interface PagerProps {
  readonly page: number;
  readonly pages: number;
  /** Over what is shown large, where it has neither its name nor its tools. */
  readonly aside: boolean;
  /** How much of the stage lies below it, in CSS pixels: the strip, if there is one. */
  readonly above: number;
  readonly onTurn: (page: number) => void;
}

/** Turns the pages of people, where there are more than fit. */
export function Pager({ page, pages, aside, above, onTurn }: PagerProps) {
  const c = useCallWords();
  if (pages < 2) return null;
  return (
    <div
      class="pager"
      data-aside={aside ? (above > 0 ? 'below' : 'beside') : undefined}
      style={{ '--above': `${above}px` }}
    >
      <IconButton
        icon="chevronLeft"
        label={c('pages.previous')}
        aria-disabled={page === 0}
        onClick={() => page > 0 && onTurn(page - 1)}
      />
      <span class="numbers" aria-live="polite">
        {c('pages.at', { page: page + 1, pages })}
      </span>
      <IconButton
        icon="chevronRight"
        label={c('pages.next')}
        aria-disabled={page === pages - 1}
        onClick={() => page < pages - 1 && onTurn(page + 1)}
      />
    </div>
  );
}
