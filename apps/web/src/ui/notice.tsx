import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';
import './notice.css';

export interface NoticeProps {
  readonly tone: 'bad' | 'calm';
  readonly children: ComponentChildren;
  /** The one button. */
  readonly action?: ComponentChildren;
}

/** A sentence said where the trouble is, with one way out. */
export function Notice({ tone, children, action }: NoticeProps) {
  return (
    <div class={`notice notice--${tone}`}>
      <Icon name="circleAlert" />
      <p class="notice__text" role={tone === 'bad' ? 'alert' : undefined}>
        {children}
      </p>
      {action}
    </div>
  );
}
