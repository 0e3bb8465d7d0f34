import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Box } from '../../layout/arrange-tiles.ts';

interface Opened {
  close(): void;
}

/** Where the call is shown besides its page. */
export type SmallWindow =
  /** An empty window of the page's own. */
  | (Opened & { readonly kind: 'page'; readonly page: Window })
  /** The browser's, around one `<video>`: Safari has no other. */
  | (Opened & { readonly kind: 'picture'; readonly video: HTMLVideoElement; readonly box: Box });

/** What opens and closes it. */
export interface SmallWindowKeeper {
  toggle(): void;
  /** Closes it for good. */
  stop(): void;
}

export interface SmallWindowControls {
  /** Null while there is none. */
  readonly current: SmallWindow | null;
  /** Null where the browser has no such windows. */
  readonly toggle: (() => void) | null;
}

/** Until then the browser has enough to do with the call itself. */
const loadAfterMs = 5_000;
const isPossible = window.documentPictureInPicture !== undefined || document.pictureInPictureEnabled;

/**
 * A small window before all others, with the call in it. It closes with the call.
 *
 * @param shownVideo the element on the stage that plays what it would show.
 */
export function useSmallWindow(shownVideo: RefObject<HTMLVideoElement | null>): SmallWindowControls {
  const [current, setCurrent] = useState<SmallWindow | null>(null);
  const keeper = useRef<Promise<SmallWindowKeeper> | null>(null);

  async function load(): Promise<SmallWindowKeeper> {
    const { keepSmallWindow } = await import('../small-window-chunk.ts');
    return keepSmallWindow(shownVideo, setCurrent);
  }

  async function tell(what: keyof SmallWindowKeeper | null): Promise<void> {
    try {
      const kept = await (keeper.current ??= load());
      if (what !== null) kept[what]();
    } catch {
      // A part of the page that did not come; the call has its stage.
    }
  }

  useEffect(() => {
    if (!isPossible) return undefined;
    // Before it is asked for: a browser opens no window for a click that was too long ago.
    const timer = setTimeout(() => void tell(null), loadAfterMs);
    return () => {
      clearTimeout(timer);
      if (keeper.current !== null) void tell('stop');
    };
  }, []);

  return { current, toggle: isPossible ? () => void tell('toggle') : null };
}
