import type { ComponentChildren, TargetedEvent, TargetedKeyboardEvent } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icon.tsx';
import { stayNear } from './place-near.ts';
import './menu.css';

/** What the button that opens a menu must carry. */
export interface MenuTrigger {
  readonly popovertarget: string;
  readonly 'aria-haspopup': 'menu';
  readonly 'aria-expanded': boolean;
  readonly 'aria-controls': string;
}

export interface MenuProps {
  readonly label: string;
  readonly trigger: (attributes: MenuTrigger) => ComponentChildren;
  readonly children: ComponentChildren;
}

const itemsIn = (menu: Element): readonly HTMLElement[] => [
  ...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]'),
];

/**
 * A button and the menu it opens (WAI-ARIA, menu button). A popover of the platform: light dismissal, Escape and the
 * return of focus are the browser's. On a narrow screen it is a sheet from below.
 */
export function Menu({ label, trigger, children }: MenuProps) {
  const id = useId();
  const ref = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  function handleToggle(event: TargetedEvent<HTMLDivElement, ToggleEvent>): void {
    const menu = event.currentTarget;
    const isOpen = event.newState === 'open';
    setOpen(isOpen);
    if (isOpen) itemsIn(menu)[0]?.focus({ preventScroll: true });
  }

  function place(event: TargetedEvent<HTMLDivElement, ToggleEvent>): void {
    if (event.newState !== 'open') return;
    const button = document.querySelector(`[popovertarget="${CSS.escape(id)}"]`);
    if (button !== null) stayNear(event.currentTarget, button);
  }

  function moveFocus(event: TargetedKeyboardEvent<HTMLDivElement>): void {
    const items = itemsIn(event.currentTarget);
    const index = items.findIndex((item) => item === document.activeElement);
    let next: HTMLElement | undefined;
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowRight':
        next = items[(index + 1) % items.length];
        break;
      case 'ArrowUp':
      case 'ArrowLeft':
        next = items[(index - 1 + items.length) % items.length];
        break;
      case 'Home':
        next = items[0];
        break;
      case 'End':
        next = items.at(-1);
        break;
      case 'Tab':
        event.currentTarget.hidePopover();
        return;
      default:
        return;
    }
    event.preventDefault();
    next?.focus();
  }

  function closeAfterChoice(event: TargetedEvent<HTMLDivElement, MouseEvent>): void {
    if (event.target instanceof Element && event.target.closest('[data-closes]') !== null) {
      ref.current?.hidePopover();
    }
  }

  return (
    <>
      {trigger({ popovertarget: id, 'aria-haspopup': 'menu', 'aria-expanded': open, 'aria-controls': id })}
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus, jsx-a11y/click-events-have-key-events -- focus is on its items, and they send the clicks */}
      <div
        ref={ref}
        id={id}
        class="menu"
        role="menu"
        aria-label={label}
        popover="auto"
        onBeforeToggle={place}
        onToggle={handleToggle}
        onKeyDown={moveFocus}
        onClick={closeAfterChoice}
      >
        {children}
      </div>
    </>
  );
}

export interface MenuItemProps {
  readonly icon?: IconName;
  readonly children: ComponentChildren;
  readonly onSelect: () => void;
}

export function MenuItem({ icon, children, onSelect }: MenuItemProps) {
  return (
    <button type="button" class="menu__item" role="menuitem" tabIndex={-1} data-closes onClick={onSelect}>
      <span class="menu__mark">{icon !== undefined && <Icon name={icon} />}</span>
      {children}
    </button>
  );
}

export interface MenuChoiceProps extends MenuItemProps {
  readonly checked: boolean;
  readonly lang?: string;
}

/** One of several that exclude each other. Stays open, so that the effect can be seen. */
export function MenuRadio({ checked, icon, lang, children, onSelect }: MenuChoiceProps) {
  return (
    <button
      type="button"
      class="menu__item"
      role="menuitemradio"
      aria-checked={checked}
      tabIndex={-1}
      lang={lang}
      onClick={onSelect}
    >
      <span class="menu__mark">{icon !== undefined && <Icon name={icon} />}</span>
      {children}
      {checked && <Icon name="check" class="menu__check" />}
    </button>
  );
}

/** On or off by itself. */
export function MenuCheckbox({ checked, icon, children, onSelect }: MenuChoiceProps) {
  return (
    <button
      type="button"
      class="menu__item"
      role="menuitemcheckbox"
      aria-checked={checked}
      tabIndex={-1}
      onClick={onSelect}
    >
      <span class="menu__mark">{icon !== undefined && <Icon name={icon} />}</span>
      {children}
      {checked && <Icon name="check" class="menu__check" />}
    </button>
  );
}

export interface MenuGroupProps {
  readonly label: string;
  /** Side by side: for choices of a short word each. */
  readonly row?: boolean;
  readonly children: ComponentChildren;
}

export function MenuGroup({ label, row = false, children }: MenuGroupProps) {
  return (
    <div class={`menu__group${row ? ' menu__group--row' : ''}`} role="group" aria-label={label}>
      <div class="menu__label" aria-hidden="true">
        {label}
      </div>
      {children}
    </div>
  );
}
