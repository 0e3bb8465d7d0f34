import { useEffect, useState } from 'preact/hooks';
import { mayStepAside, restMs, type Rest } from './resting-mouse.ts';

/** What is open, or has the keyboard: nothing steps aside from under it. */
const busy = 'dialog[open], :popover-open:not(.tooltip), .call__stage :focus-visible';

function readInput(event: Event): Rest['lastInput'] {
  if (!(event instanceof PointerEvent)) return 'keyboard';
  return event.pointerType === 'mouse' ? 'mouse' : 'finger';
}

/** Whether the controls step aside for now. */
export function useRestingMouse(): boolean {
  const [aside, setAside] = useState(false);
  useEffect(() => {
    let timer = 0;
    let last: { readonly input: Rest['lastInput']; readonly atMs: number } = { input: null, atMs: 0 };

    function look(): void {
      window.clearTimeout(timer);
      const isFullScreen = document.fullscreenElement === document.documentElement;
      setAside(
        mayStepAside({
          isFullScreen,
          lastInput: last.input,
          idleMs: performance.now() - last.atMs,
          isBusy: isFullScreen && document.querySelector(busy) !== null,
        }),
      );
      if (isFullScreen && last.input === 'mouse') timer = window.setTimeout(look, restMs + 20);
    }
    function follow(event: Event): void {
      last = { input: readInput(event), atMs: performance.now() };
      look();
    }

    const events = ['pointermove', 'pointerdown', 'keydown'] as const;
    for (const event of events) document.addEventListener(event, follow);
    document.addEventListener('fullscreenchange', look);
    return () => {
      window.clearTimeout(timer);
      for (const event of events) document.removeEventListener(event, follow);
      document.removeEventListener('fullscreenchange', look);
    };
  }, []);
  return aside;
}
