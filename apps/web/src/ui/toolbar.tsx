import type { ComponentChildren, TargetedEvent, TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface ToolbarProps {
  readonly label: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** The toolbar's own buttons: a menu that one of them opens lies within it, and has its own keys. */
const buttonsIn = (toolbar: Element): readonly HTMLButtonElement[] =>
  [...toolbar.querySelectorAll<HTMLButtonElement>('button:not(:disabled)')].filter(
    (button) => button.closest('[role="menu"]') === null,
  );

/** Gives the one stop in the tab order to `current`. */
function setStop(toolbar: Element, current: Element | null): void {
  for (const button of buttonsIn(toolbar)) button.tabIndex = button === current ? 0 : -1;
}

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** One stop in the tab order; arrows, Home and End go from button to button (WAI-ARIA, toolbar). */
export function Toolbar({ label, class: extra, children }: ToolbarProps) {
  const ref = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const toolbar = ref.current;
    if (toolbar === null) return;
    // Buttons come and go: exactly one must be reachable after every change.
    const buttons = buttonsIn(toolbar);
    const stop = buttons.find((button) => button.getAttribute('tabindex') === '0') ?? buttons[0] ?? null;
    setStop(toolbar, stop);
  });

  function moveFocus(event: TargetedKeyboardEvent<HTMLDivElement>): void {
    const buttons = buttonsIn(event.currentTarget);
    const index = buttons.findIndex((button) => button === document.activeElement);
    if (index < 0) return;
    const step = steps[event.key];
    let next: HTMLButtonElement | undefined;
    if (event.key === 'Home') next = buttons[0];
    else if (event.key === 'End') next = buttons.at(-1);
    else if (step !== undefined) next = buttons[(index + step + buttons.length) % buttons.length];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  }

  function follow(event: TargetedEvent<HTMLDivElement, FocusEvent>): void {
    const { currentTarget: toolbar, target } = event;
    const stop = buttonsIn(toolbar).find((button) => button === target);
    if (stop !== undefined) setStop(toolbar, stop);
  }

  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the focus is on its buttons
    <div ref={ref} class={extra} role="toolbar" aria-label={label} onKeyDown={moveFocus} onFocusIn={follow}>
      {children}
    </div>
  );
}
