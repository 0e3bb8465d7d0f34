import type { ButtonHTMLAttributes, Ref } from 'preact';
import { Icon, type IconName } from './icon.tsx';
import './device-switch.css';

export interface BarButtonProps extends Omit<ButtonHTMLAttributes, 'icon' | 'ref'> {
  readonly icon: IconName;
  readonly caption: string;
  /** Words that only assistive technology gets, after the caption. */
  readonly more?: string;
  readonly tooltip?: string;
  /** The key that does the same, while keys alone do something. */
  readonly shortcut?: string | null;
  readonly active?: boolean;
  readonly badge?: string | null;
  readonly buttonRef?: Ref<HTMLButtonElement>;
}

/** A button of the control bar that is not a switch. */
export function BarButton(props: BarButtonProps) {
  const { icon, caption, more, tooltip, shortcut, active, badge, buttonRef, ...rest } = props;
  return (
    <button
      type="button"
      {...rest}
      {...(buttonRef === undefined ? {} : { ref: buttonRef })}
      class="bar-button"
      data-tooltip={tooltip}
      data-tooltip-keys={shortcut ?? undefined}
      aria-keyshortcuts={shortcut ?? undefined}
    >
      <span class="bar-button__face" data-active={active === true}>
        <Icon name={icon} />
        {badge !== undefined && badge !== null && (
          <span class="bar-button__badge numbers" aria-hidden="true">
            {badge}
          </span>
        )}
      </span>
      <span class="bar-button__caption" aria-hidden={more === undefined ? undefined : 'true'}>
        {caption}
      </span>
      {/* In one piece: a hidden part of the caption would be read with a space before its comma. */}
      {more !== undefined && <span class="visually-hidden">{caption + more}</span>}
    </button>
  );
}
