import { useLayoutEffect, useRef } from 'preact/hooks';
import type { VideoView } from '../session/video-view.ts';

/** A place for a `<video>` that is not ours to make or to destroy. */
export function VideoSlot({ view, class: extra }: { readonly view: VideoView; readonly class?: string }) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const slot = ref.current;
    const { element } = view;
    if (slot === null || element.parentElement === slot) return undefined;
    slot.append(element);
    // Moving a video stops it.
    if (element.srcObject !== null) void element.play().catch(() => {});
    return () => {
      if (element.parentElement === slot) element.remove();
    };
  }, [view]);
  return <div ref={ref} class={extra} />;
}
