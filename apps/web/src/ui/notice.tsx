import type { ComponentChildren } from 'preact';
import { IconButton } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';
import './notice.css';

export interface NoticeProps {
  readonly tone: 'bad' | 'calm';
  readonly icon?: IconName;
  readonly children: ComponentChildren;
  /** The one button. */
  readonly action?: ComponentChildren;
  /** Puts it away; only where the person can go on without. */
  readonly onDismiss?: () => void;
  readonly dismissLabel?: string;
}

/** A sentence said where the trouble is, with one way out. */
export function Notice({
  tone,
  icon = 'circleAlert',
  children,
  action,
  onDismiss,
  dismissLabel,
}: NoticeProps) {
  return (
    <div class={`notice notice--${tone}`}>
      <Icon name={icon} />
      <p class="notice__text" role={tone === 'bad' ? 'alert' : undefined}>
        {children}
      </p>
      {action}
      {onDismiss !== undefined && <IconButton icon="x" label={dismissLabel ?? ''} onClick={onDismiss} />}
    </div>
  );
}
