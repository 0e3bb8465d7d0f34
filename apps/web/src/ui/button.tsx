import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';
import './button.css';

export interface ButtonProps extends Omit<ButtonHTMLAttributes, 'icon' | 'size'> {
  /** `primary`: the one thing to do here. `plain`: a word one can press. */
  readonly look?: 'primary' | 'secondary' | 'plain';
  readonly icon?: IconName;
  readonly iconAfter?: IconName;
  readonly large?: boolean;
  /** Shows that it is at work. It stays focusable and keeps its width. */
  readonly busy?: boolean;
  readonly children: ComponentChildren;
}

export function Button({ look = 'secondary', icon, iconAfter, large, busy, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={`button button--${look}${large === true ? ' button--large' : ''}`}
      aria-busy={busy === true ? 'true' : undefined}
    >
      {busy === true ? (
        <Icon name="loader" class="icon--turning" />
      ) : (
        icon !== undefined && <Icon name={icon} />
      )}
      <span class="button__text">{children}</span>
      {iconAfter !== undefined && <Icon name={iconAfter} />}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonHTMLAttributes, 'icon' | 'size' | 'label'> {
  readonly icon: IconName;
  /** Its name, also shown as a tooltip. */
  readonly label: string;
}

export function IconButton({ icon, label, ...rest }: IconButtonProps) {
  return (
    <button type="button" {...rest} class="icon-button" aria-label={label} data-tooltip={label}>
      <Icon name={icon} />
    </button>
  );
}
