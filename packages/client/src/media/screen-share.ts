import type { LocalMediaSnapshot, ScreenFailure } from '../local-media-types.ts';
import { explainScreenError } from '../logic/screen-failure.ts';

type ScreenPart = Pick<LocalMediaSnapshot, 'screen' | 'screenTrack' | 'screenAudioTrack'>;

export interface ScreenShare {
  start(this: void): Promise<void>;
  stop(this: void): void;
}

const nothingShown: ScreenPart = { screen: { kind: 'off' }, screenTrack: null, screenAudioTrack: null };

/** What browsers know beyond the standard's first edition; the others pass over it. */
interface DisplayConstraints extends DisplayMediaStreamOptions {
  readonly selfBrowserSurface: 'exclude';
  readonly surfaceSwitching: 'include';
  readonly systemAudio: 'include';
  readonly monitorTypeSurfaces: 'include';
}

const constraints: DisplayConstraints = {
  video: { frameRate: { max: 30 } },
  // Music and films must not be taken for noise; and the voices of the call are not sent back to their owners.
  audio: Object.assign(
    { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    { restrictOwnAudio: true },
  ),
  selfBrowserSurface: 'exclude',
  surfaceSwitching: 'include',
  systemAudio: 'include',
  monitorTypeSurfaces: 'include',
};

export function canShareScreen(): boolean {
  return whyNoScreen() === null;
}

export function createScreenShare(onChange: (change: ScreenPart) => void): ScreenShare {
  let shown: ScreenPart = nothingShown;
  /** Counts the wishes: what comes for an older one is not wanted any more. */
  let wish = 0;

  function set(next: ScreenPart): void {
    shown = next;
    onChange(next);
  }

  function fail(reason: ScreenFailure): void {
    set({ ...nothingShown, screen: { kind: 'failed', reason } });
  }

  function release({ screenTrack, screenAudioTrack }: ScreenPart): void {
    screenTrack?.stop();
    screenAudioTrack?.stop();
  }

  function show(stream: MediaStream): void {
    const [screenTrack = null] = stream.getVideoTracks();
    const [screenAudioTrack = null] = stream.getAudioTracks();
    if (screenTrack === null) return fail('failed');
    const before = shown;
    screenTrack.contentHint = 'detail';
    if (screenAudioTrack !== null) screenAudioTrack.contentHint = 'music';
    // Told when the person presses the browser's own "Stop sharing", or closes the window that is shown.
    screenTrack.addEventListener('ended', () => {
      if (shown.screenTrack === screenTrack) stop();
    });
    screenAudioTrack?.addEventListener('ended', () => {
      if (shown.screenAudioTrack !== screenAudioTrack || shown.screen.kind !== 'on') return;
      set({ ...shown, screen: { ...shown.screen, sound: false }, screenAudioTrack: null });
    });
    set({
      screen: { kind: 'on', label: screenTrack.label, sound: screenAudioTrack !== null },
      screenTrack,
      screenAudioTrack,
    });
    release(before);
  }

  async function start(): Promise<void> {
    const missing = whyNoScreen();
    if (missing !== null) return fail(missing);
    const wished = (wish += 1);
    const isReplacing = shown.screenTrack !== null;
    if (!isReplacing) set({ ...nothingShown, screen: { kind: 'asking' } });
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia(constraints);
      if (wished === wish) show(stream);
      else for (const track of stream.getTracks()) track.stop();
    } catch (error) {
      const reason = explainScreenError(error);
      // What is shown already goes on, whatever came of choosing something else.
      if (wished !== wish || shown.screenTrack !== null) return;
      if (reason === null) set(nothingShown);
      else fail(reason);
    }
  }

  function stop(): void {
    wish += 1;
    release(shown);
    if (shown.screen.kind !== 'off') set(nothingShown);
  }

  return { start, stop };
}

function whyNoScreen(): ScreenFailure | null {
  if (!globalThis.isSecureContext) return 'insecure-context';
  const devices = 'mediaDevices' in navigator ? navigator.mediaDevices : {};
  return 'getDisplayMedia' in devices ? null : 'unsupported';
}
