import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Rect } from '../../layout/arrange-tiles.ts';

const durationMs = 220;
const easing = 'cubic-bezier(0.2, 0, 0, 1)';

/**
 * Puts an element at `rect`, and lets it glide there from where it was. Only transform and opacity are animated: width
 * and height jump, and a scale that runs out hides it. Nothing moves where the person asked for less motion, nor while
 * the window is being resized.
 */
export function useGlide<TElement extends HTMLElement>(rect: Rect): RefObject<TElement | null> {
  const ref = useRef<TElement>(null);
  const last = useRef<{ rect: Rect; windowWidth: number; windowHeight: number } | null>(null);

  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const from = last.current;
    const { innerWidth: windowWidth, innerHeight: windowHeight } =
      element.ownerDocument.defaultView ?? window;
    last.current = { rect, windowWidth, windowHeight };
    element.style.width = `${rect.width}px`;
    element.style.height = `${rect.height}px`;
    element.style.transform = `translate(${rect.x}px, ${rect.y}px)`;

    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const options = { duration: durationMs, easing };
    if (from === null) {
      element.animate([{ opacity: 0 }, { opacity: 1 }], options);
      return;
    }
    const resized = from.windowWidth !== windowWidth || from.windowHeight !== windowHeight;
    if (resized || rect.width === 0 || from.rect.width === 0) return;
    const start = [
      `translate(${from.rect.x}px, ${from.rect.y}px)`,
      `scale(${from.rect.width / rect.width}, ${from.rect.height / rect.height})`,
    ].join(' ');
    element.animate([{ transform: start }, { transform: element.style.transform }], options);
  }, [rect.x, rect.y, rect.width, rect.height]);

  return ref;
}
