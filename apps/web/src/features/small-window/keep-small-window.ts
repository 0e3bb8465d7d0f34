import type { RefObject } from 'preact';
import type { SmallWindow, SmallWindowKeeper } from '../call/use-small-window.ts';

// Document Picture-in-Picture (WICG) and an action of Media Session; TypeScript does not know them yet.
declare global {
  interface DocumentPictureInPicture {
    readonly window: Window | null;
    requestWindow(options: { readonly width: number; readonly height: number }): Promise<Window>;
  }
  interface Window {
    readonly documentPictureInPicture?: DocumentPictureInPicture;
  }
  interface MediaSession {
    setActionHandler(action: 'enterpictureinpicture', handler: (() => void) | null): void;
  }
}

/** Room for a picture of 16 by 9, and for the controls below it. */
const firstSize = { width: 360, height: 278 };

/** For one `<video>`, which has to show something already. */
async function openPicture(video: HTMLVideoElement, onClosed: () => void): Promise<SmallWindow> {
  video.disablePictureInPicture = false;
  const { width, height } = await video.requestPictureInPicture();
  function handleLeft(): void {
    video.disablePictureInPicture = true;
    onClosed();
  }
  video.addEventListener('leavepictureinpicture', handleLeft, { once: true });
  return {
    kind: 'picture',
    video,
    box: { width, height },
    close: () => void document.exitPictureInPicture().catch(() => {}),
  };
}

/** Throws where the browser wants a click first, or its owner wants no such windows. */
async function openWindow(video: HTMLVideoElement | null, onClosed: () => void): Promise<SmallWindow | null> {
  if (window.documentPictureInPicture === undefined) return video && openPicture(video, onClosed);
  const page = await window.documentPictureInPicture.requestWindow(firstSize);
  page.addEventListener('pagehide', onClosed, { once: true });
  return { kind: 'page', page, close: () => page.close() };
}

/** Has the browser open it by itself when the tab of the call is left. */
function letOpen(handler: (() => void) | null): void {
  try {
    navigator.mediaSession.setActionHandler('enterpictureinpicture', handler);
  } catch {
    // This one does not.
  }
}

/**
 * Opens and closes the small window of one call.
 *
 * @param shownVideo what plays who would be shown, for browsers that can take nothing but a picture.
 * @param onChange told of the window that is open, and null when it no longer is.
 */
export function keepSmallWindow(
  shownVideo: RefObject<HTMLVideoElement | null>,
  onChange: (current: SmallWindow | null) => void,
): SmallWindowKeeper {
  let current: SmallWindow | null = null;
  let isOpening = false;
  let stopped = false;

  function handleClosed(): void {
    current = null;
    if (stopped) return;
    onChange(null);
    // Who was nowhere is where it was opened.
    if (document.activeElement === document.body) document.getElementById('more-button')?.focus();
  }

  async function open(): Promise<void> {
    if (isOpening || current !== null) return;
    isOpening = true;
    try {
      current = await openWindow(shownVideo.current, handleClosed);
      // The call may have been left while the browser was opening it.
      if (stopped) current?.close();
      else if (current !== null) onChange(current);
    } catch {
      // There is none, then.
    }
    isOpening = false;
  }

  letOpen(() => void open());
  return {
    toggle() {
      if (current === null) void open();
      else current.close();
    },
    stop() {
      stopped = true;
      letOpen(null);
      current?.close();
    },
  };
}
