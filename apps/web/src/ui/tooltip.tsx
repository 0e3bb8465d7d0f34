import { useEffect, useRef, useState } from 'preact/hooks';
import { placeNear } from './place-near.ts';
import './tooltip.css';

const delayMs = 450;

interface Tip {
  readonly anchor: Element;
  readonly text: string;
  readonly keys: string | null;
}

function tipOf(target: EventTarget | null): Tip | null {
  const anchor = target instanceof Element ? target.closest('[data-tooltip]') : null;
  const text = anchor?.getAttribute('data-tooltip') ?? null;
  if (anchor === null || text === null) return null;
  return { anchor, text, keys: anchor.getAttribute('data-tooltip-keys') };
}

/**
 * Shows what `data-tooltip` says, for every element that has one: after a moment under a mouse, at once with the focus
 * of a keyboard, never under a finger. Escape puts it away (WCAG 1.4.13). It only repeats names that screen readers have.
 */
export function TooltipLayer() {
  const ref = useRef<HTMLDivElement>(null);
  const [tip, setTip] = useState<Tip | null>(null);

  useEffect(() => {
    let timer = 0;
    let pressed: Element | null = null;
    const hide = () => {
      window.clearTimeout(timer);
      setTip(null);
    };
    const enter = (event: PointerEvent) => {
      if (event.pointerType !== 'mouse') return;
      const next = tipOf(event.target);
      // Who has pressed it knows what it does, and wants to see what came of it.
      if (next !== null && next.anchor === pressed) return;
      pressed = null;
      window.clearTimeout(timer);
      if (next === null) setTip(null);
      else timer = window.setTimeout(() => setTip(next), delayMs);
    };
    const press = (event: PointerEvent) => {
      pressed = tipOf(event.target)?.anchor ?? null;
      hide();
    };
    const focus = (event: FocusEvent) => {
      const next = tipOf(event.target);
      if (next?.anchor.matches(':focus-visible') === true) setTip(next);
      else hide();
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape') hide();
    };
    document.addEventListener('pointerover', enter);
    document.addEventListener('pointerdown', press);
    document.addEventListener('focusin', focus);
    document.addEventListener('focusout', hide);
    document.addEventListener('keydown', key);
    return () => {
      hide();
      document.removeEventListener('pointerover', enter);
      document.removeEventListener('pointerdown', press);
      document.removeEventListener('focusin', focus);
      document.removeEventListener('focusout', hide);
      document.removeEventListener('keydown', key);
    };
  }, []);

  useEffect(() => {
    const layer = ref.current;
    if (layer === null) return;
    if (tip === null || !tip.anchor.isConnected) {
      if (layer.matches(':popover-open')) layer.hidePopover();
      return;
    }
    layer.showPopover();
    placeNear(layer, tip.anchor);
  }, [tip]);

  return (
    <div ref={ref} class="tooltip" popover="manual" aria-hidden="true">
      {tip?.text}
      {tip !== null && tip.keys !== null && <kbd class="tooltip__keys">{tip.keys}</kbd>}
    </div>
  );
}
