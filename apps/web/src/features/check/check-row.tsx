import type { ComponentChildren } from 'preact';
import { Icon } from '../../ui/icon.tsx';
import { useCheckWords, type CheckKey } from './check-words.ts';

/** `closed`: it does not work, and is not missed. */
export type RowState =
  'waiting' | 'running' | 'good' | 'warning' | 'closed' | 'failed' | 'absent' | 'unasked';

export interface CheckRowProps {
  /** For tests and style sheets. */
  readonly id: string;
  readonly title: string;
  /** The name of the protocol, for who has to tell somebody. */
  readonly protocol?: string;
  readonly state: RowState;
  /** What was seen. */
  readonly children?: ComponentChildren;
  /** The one thing to do. */
  readonly fix?: string | undefined;
  readonly action?: ComponentChildren;
}

function StateMark({ state }: { readonly state: RowState }) {
  switch (state) {
    case 'good':
      return <Icon name="check" />;
    case 'warning':
    case 'closed':
    case 'failed':
      return <Icon name="circleAlert" />;
    case 'running':
      return <Icon name="loader" class="icon--turning" />;
    case 'waiting':
    case 'unasked':
    case 'absent':
      return <span class="check-row__dot" />;
  }
}

/** One thing that was tried: its verdict by shape and by word, what was seen, and what to do. */
export function CheckRow({ id, title, protocol, state, children, fix, action }: CheckRowProps) {
  const t = useCheckWords();
  const key: CheckKey = `state.${state}`;
  return (
    <li class="check-row" data-check={id} data-state={state}>
      <span class="check-row__mark" aria-hidden="true">
        <StateMark state={state} />
      </span>
      <div class="check-row__words">
        <h3 class="check-row__title">
          {title}
          {protocol !== undefined && <span class="check-row__protocol">{protocol}</span>}
        </h3>
        {children}
        {fix !== undefined && <p class="check-row__fix">{fix}</p>}
        {action !== undefined && <div class="check-row__action">{action}</div>}
      </div>
      <span class="check-row__state">{t?.(key)}</span>
    </li>
  );
}
