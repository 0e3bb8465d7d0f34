import type { LocalMedia, LocalMediaSnapshot, MediaFailure } from '@callbox/client';
import type { Config } from './options.ts';
import { holdTracks } from './video-element.ts';

/** The names that browsers give to these failures. */
const errorNames: Readonly<Record<MediaFailure, string>> = {
  'insecure-context': 'SecurityError',
  unsupported: 'NotSupportedError',
  denied: 'NotAllowedError',
  dismissed: 'NotAllowedError',
  'denied-by-system': 'NotAllowedError',
  'not-found': 'NotFoundError',
  'in-use': 'NotReadableError',
  failed: 'AbortError',
};

export interface OwnDevicesOptions {
  readonly media: LocalMedia;
  readonly wanted: () => Config['media'];
  readonly emit: (name: string, ...values: readonly unknown[]) => void;
}

/** This person's camera, microphone and screen, told as old pages hear of them. */
export interface OwnDevices {
  readonly localStreams: MediaStream[];
  readonly localScreens: MediaStream[];
  start(onSettled: (error: Error | null, stream: MediaStream | null) => void): void;
  stop(): void;
  mute(): void;
  unmute(): void;
  pauseVideo(): void;
  resumeVideo(): void;
  shareScreen(onSettled: (error: Error | null, stream: MediaStream | null) => void): void;
  stopScreen(): void;
  isAudioEnabled(): boolean;
  isVideoEnabled(): boolean;
}

export function createOwnDevices({ media, wanted, emit }: OwnDevicesOptions): OwnDevices {
  const localStreams: MediaStream[] = [];
  const localScreens: MediaStream[] = [];
  let before = media.snapshot;
  media.subscribe(follow);

  function follow(snapshot: LocalMediaSnapshot): void {
    const earlier = before;
    before = snapshot;
    const [stream] = localStreams;
    if (stream !== undefined) {
      holdTracks(stream, tracksOf(snapshot));
      tell(isAudible(earlier), isAudible(snapshot), 'audioOn', 'audioOff');
      tell(isVisible(earlier), isVisible(snapshot), 'videoOn', 'videoOff');
    }
    // Also when the browser's own button ends it.
    if (snapshot.screenTrack === null) endScreen();
  }

  function tell(was: boolean, is: boolean, on: string, off: string): void {
    if (was !== is) emit(is ? on : off);
  }

  function endScreen(): void {
    const screen = localScreens.shift();
    if (screen !== undefined) emit('localScreenStopped', screen);
  }

  async function start(): Promise<Error | MediaStream> {
    const constraints = wanted();
    emit('localStreamRequested', constraints);
    await media.acquire({ microphone: isWanted(constraints.audio), camera: isWanted(constraints.video) });
    const tracks = tracksOf(media.snapshot);
    if (tracks.length === 0) {
      const error = explain(media.snapshot);
      emit('localStreamRequestFailed', constraints, error);
      return error;
    }
    const stream = localStreams[0] ?? new MediaStream();
    holdTracks(stream, tracks);
    if (localStreams.length === 0) localStreams.push(stream);
    emit('localStream', stream);
    return stream;
  }

  async function share(): Promise<Error | MediaStream> {
    await media.shareScreen();
    const { screen, screenTrack, screenAudioTrack } = media.snapshot;
    if (screenTrack === null) {
      const error = createError(screen.kind === 'failed' ? screen.reason : 'denied');
      emit('localScreenRequestFailed', error);
      return error;
    }
    const stream = localScreens[0] ?? new MediaStream();
    holdTracks(
      stream,
      [screenTrack, screenAudioTrack].filter((track) => track !== null),
    );
    if (localScreens.length === 0) {
      localScreens.push(stream);
      emit('localScreen', stream);
    }
    return stream;
  }

  return {
    localStreams,
    localScreens,
    start(onSettled) {
      start().then((result) => settle(result, onSettled), reportError);
    },
    stop() {
      const stream = localStreams.shift();
      media.turnOff('camera');
      media.turnOff('microphone');
      if (stream !== undefined) emit('localStreamStopped', stream);
    },
    mute: () => media.turnOff('microphone'),
    unmute: () => void media.turnOn('microphone'),
    pauseVideo: () => media.turnOff('camera'),
    resumeVideo: () => void media.turnOn('camera'),
    shareScreen(onSettled) {
      share().then((result) => settle(result, onSettled), reportError);
    },
    stopScreen: () => media.stopScreen(),
    isAudioEnabled: () => isAudible(media.snapshot),
    isVideoEnabled: () => isVisible(media.snapshot),
  };
}

function settle(
  result: Error | MediaStream,
  onSettled: (error: Error | null, stream: MediaStream | null) => void,
): void {
  if (result instanceof Error) onSettled(result, null);
  else onSettled(null, result);
}

function isWanted(wish: boolean | MediaTrackConstraints | undefined): boolean {
  return wish !== undefined && wish !== false;
}

function isAudible({ microphone }: LocalMediaSnapshot): boolean {
  return microphone.kind === 'on';
}

function isVisible({ camera }: LocalMediaSnapshot): boolean {
  return camera.kind === 'on';
}

function tracksOf({ microphoneTrack, cameraTrack }: LocalMediaSnapshot): MediaStreamTrack[] {
  return [microphoneTrack, cameraTrack].filter((track) => track !== null);
}

function explain({ microphone, camera }: LocalMediaSnapshot): Error {
  if (camera.kind === 'failed') return createError(camera.reason);
  return createError(microphone.kind === 'failed' ? microphone.reason : 'failed');
}

function createError(reason: MediaFailure): Error {
  const error = new Error(`no camera or microphone: ${reason}`);
  error.name = errorNames[reason];
  return error;
}
