import type { DeviceKind, DeviceState, LocalMedia, LocalMediaSnapshot, MediaFailure } from '@callbox/client';
import { createFakeSource } from './fake-source.ts';

export interface FakeLocalMediaOptions {
  readonly permission?: 'granted' | 'prompt' | 'denied' | 'unknown';
  /** Devices that fail, and why. */
  readonly failing?: Partial<Readonly<Record<DeviceKind, MediaFailure>>>;
  /** Makes the picture of the camera; without it there is none. */
  readonly createCameraTrack?: () => MediaStreamTrack;
  /** Makes the picture of a shared screen; without it this browser can share none. */
  readonly createScreenTrack?: () => MediaStreamTrack;
  readonly level?: () => number;
}

/** This person's devices without a browser behind them. */
export function createFakeLocalMedia(options: FakeLocalMediaOptions = {}): LocalMedia {
  const {
    permission = 'prompt',
    failing = {},
    createCameraTrack,
    createScreenTrack,
    level = () => 0,
  } = options;
  const off: DeviceState = { kind: 'off' };
  const source = createFakeSource<LocalMediaSnapshot>({
    microphone: off,
    camera: off,
    microphoneTrack: null,
    cameraTrack: null,
    screen: off,
    screenTrack: null,
    screenAudioTrack: null,
    originalSound: false,
  });

  async function turnOn(kind: DeviceKind): Promise<void> {
    source.set({ [kind]: { kind: 'asking' } });
    await Promise.resolve();
    const reason = failing[kind];
    if (reason !== undefined) {
      source.set({ [kind]: { kind: 'failed', reason } });
    } else if (kind === 'microphone') {
      source.set({ microphone: { kind: 'on', label: 'Fake microphone' } });
    } else {
      source.set({
        camera: { kind: 'on', label: 'Fake camera' },
        cameraTrack: createCameraTrack?.() ?? null,
      });
    }
  }

  return {
    get snapshot() {
      return source.snapshot;
    },
    subscribe: (listener) => source.subscribe(listener),
    async acquire({ microphone, camera }) {
      await Promise.all([
        ...(microphone ? [turnOn('microphone')] : []),
        ...(camera ? [turnOn('camera')] : []),
      ]);
    },
    turnOn,
    turnOff(kind) {
      if (kind === 'camera') source.set({ camera: off, cameraTrack: null });
      else if (source.snapshot.microphone.kind === 'on') {
        source.set({ microphone: { kind: 'muted', label: 'Fake microphone' } });
      }
    },
    chooseDevice: () => Promise.resolve(true),
    setOriginalSound(originalSound) {
      source.set({ originalSound });
      return Promise.resolve(true);
    },
    canShareScreen: createScreenTrack !== undefined,
    async shareScreen() {
      source.set({ screen: { kind: 'asking' } });
      await Promise.resolve();
      const screenTrack = createScreenTrack?.() ?? null;
      source.set(
        screenTrack === null
          ? { screen: { kind: 'failed', reason: 'unsupported' } }
          : { screen: { kind: 'on', label: 'Fake screen', sound: false }, screenTrack },
      );
    },
    stopScreen: () => source.set({ screen: off, screenTrack: null, screenAudioTrack: null }),
    permission: () => Promise.resolve(permission),
    level: () => (source.snapshot.microphone.kind === 'on' ? level() : 0),
    levelWhileMuted: () => (source.snapshot.microphone.kind === 'muted' ? level() : 0),
    close() {
      source.set({
        microphone: off,
        camera: off,
        microphoneTrack: null,
        cameraTrack: null,
        screen: off,
        screenTrack: null,
        screenAudioTrack: null,
      });
    },
  };
}
