import type { ComponentChildren, TargetedEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { IconButton } from './button.tsx';
import './side-panel.css';

/** As in side-panel.css: narrower than this, a panel comes up from below and covers what is under it. */
const narrow = window.matchMedia('(max-width: 699px)');

/** Whether a panel covers what is under it, as it does in a narrow window. */
export function useCoveringPanels(): boolean {
  const [covering, setCovering] = useState(narrow.matches);
  useEffect(() => {
    const read = () => setCovering(narrow.matches);
    narrow.addEventListener('change', read);
    return () => narrow.removeEventListener('change', read);
  }, []);
  return covering;
}

export interface SidePanelProps {
  readonly heading: string;
  readonly closeLabel: string;
  /** Half of the window, or most of it, when it comes from below. */
  readonly height: 'half' | 'most';
  /** Whether the keyboard is led to the heading when it opens. Without, what is inside leads it. */
  readonly takesFocus?: boolean;
  /** A selector of the control that opens it: there the keyboard is led back. */
  readonly returnTo: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** What stands beside the call, which goes on; in a narrow window it comes up from below. Escape closes it. */
export function SidePanel(props: SidePanelProps) {
  const { heading, closeLabel, height, takesFocus = false, returnTo, onClose, children } = props;
  const head = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    if (takesFocus) head.current?.focus();
  }, [takesFocus]);

  useEffect(
    () => () => {
      // Once all that goes and comes with it is drawn; by then the focus may be somewhere of its own.
      window.setTimeout(() => {
        if (document.activeElement === null || document.activeElement === document.body)
          document.querySelector<HTMLElement>(returnTo)?.focus();
      });
    },
    [returnTo],
  );

  function closeOnEscape(event: TargetedEvent<HTMLElement, KeyboardEvent>): void {
    // An Escape that ends the composition of an input method is not meant for the panel.
    if (event.key === 'Escape' && !event.isComposing) onClose();
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape pressed anywhere in it
    <aside class="side-panel" data-height={height} aria-label={heading} onKeyDown={closeOnEscape}>
      <header class="side-panel__head">
        <h2 ref={head} class="side-panel__heading" tabIndex={-1}>
          {heading}
        </h2>
        <IconButton icon="x" label={closeLabel} onClick={onClose} />
      </header>
      {children}
    </aside>
  );
}
