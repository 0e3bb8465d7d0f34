import type { TargetedEvent } from 'preact';
import { useRef } from 'preact/hooks';
import type { Box, Rect } from '../../layout/arrange-tiles.ts';
import { nearestCorner } from '../../layout/corner.ts';
import { useSession } from '../../session/session.ts';

interface DragOptions {
  readonly enabled: boolean;
  readonly rect: Rect;
  readonly box: Box;
}

type PointerHandler = (event: TargetedEvent<HTMLLIElement, PointerEvent>) => void;

interface DragHandlers {
  readonly onPointerDown?: PointerHandler;
  readonly onPointerMove?: PointerHandler;
  readonly onPointerUp?: PointerHandler;
  readonly onPointerCancel?: PointerHandler;
}

const clamp = (value: number, most: number) => Math.min(Math.max(value, 0), Math.max(most, 0));

/**
 * Lets a floating tile be dragged; let go, it slides into the nearest corner. The menu's "Next corner" does the same
 * without dragging (WCAG 2.5.7).
 */
export function useDragToCorner({ enabled, rect, box }: DragOptions): DragHandlers {
  const { preferences } = useSession();
  const grip = useRef<{ dx: number; dy: number; x: number; y: number } | null>(null);
  if (!enabled) return {};

  const moveTo = (element: HTMLElement, x: number, y: number) => {
    element.style.transform = `translate(${x}px, ${y}px)`;
  };

  function drop(event: TargetedEvent<HTMLLIElement, PointerEvent>): void {
    const from = grip.current;
    grip.current = null;
    if (from === null) return;
    const element = event.currentTarget;
    delete element.dataset['dragging'];
    const corner = nearestCorner(box, { x: from.x + rect.width / 2, y: from.y + rect.height / 2 });
    const dropped = element.style.transform;
    const changed = corner !== preferences.current.peek().selfCorner;
    if (changed) preferences.update({ selfCorner: corner });
    // The new corner is drawn in the next microtask; from where the finger let go, not from the old corner.
    requestAnimationFrame(() => {
      if (!changed) moveTo(element, rect.x, rect.y);
      for (const animation of element.getAnimations()) animation.cancel();
      if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
      element.animate([{ transform: dropped }, { transform: element.style.transform }], {
        duration: 220,
        easing: 'cubic-bezier(0.2, 0, 0, 1)',
      });
    });
  }

  return {
    onPointerDown(event) {
      if (event.button !== 0) return;
      if (event.target instanceof Element && event.target.closest('button') !== null) return;
      grip.current = { dx: event.clientX - rect.x, dy: event.clientY - rect.y, x: rect.x, y: rect.y };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove(event) {
      const from = grip.current;
      if (from === null) return;
      from.x = clamp(event.clientX - from.dx, box.width - rect.width);
      from.y = clamp(event.clientY - from.dy, box.height - rect.height);
      event.currentTarget.dataset['dragging'] = '';
      moveTo(event.currentTarget, from.x, from.y);
    },
    onPointerUp: drop,
    onPointerCancel: drop,
  };
}
