import type { ComponentChildren, TargetedEvent } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { IconButton } from './button.tsx';
import './sheet.css';

export interface SheetProps {
  readonly open: boolean;
  readonly heading: string;
  readonly closeLabel: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A dialog of the platform: it holds the focus and gives it back. From below on a narrow screen. */
export function Sheet({ open, heading, closeLabel, onClose, children }: SheetProps) {
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);
  const head = useRef<HTMLHeadingElement>(null);
  // Kept once it has been shown: an empty sheet must not be seen going away.
  const shown = useRef(open);
  shown.current ||= open;

  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    if (open && !dialog.open) {
      dialog.showModal();
      // Where reading begins; the platform would choose the button that closes.
      head.current?.focus();
    }
    if (!open && dialog.open) dialog.close();
  }, [open]);

  function closeFromOutside(event: TargetedEvent<HTMLDialogElement, MouseEvent>): void {
    if (event.target === event.currentTarget) event.currentTarget.close();
  }

  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- a click outside closes it; from the keyboard, Escape does
    <dialog ref={ref} class="sheet" aria-labelledby={id} onClose={onClose} onClick={closeFromOutside}>
      {shown.current && (
        <div class="sheet__body">
          <header class="sheet__head">
            <h2 ref={head} id={id} class="sheet__heading" tabIndex={-1}>
              {heading}
            </h2>
            <IconButton icon="x" label={closeLabel} onClick={() => ref.current?.close()} />
          </header>
          {children}
        </div>
      )}
    </dialog>
  );
}
