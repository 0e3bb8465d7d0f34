import type { LocalMedia, LocalMediaSnapshot } from '../local-media-types.ts';
import { createSnapshotStore } from '../snapshot-store.ts';

/** Devices that the test turns on and off by writing what is the case. */
export function createFakeLocalMedia(initial: Partial<LocalMediaSnapshot> = {}) {
  const store = createSnapshotStore<LocalMediaSnapshot>({
    microphone: { kind: 'off' },
    camera: { kind: 'off' },
    microphoneTrack: null,
    cameraTrack: null,
    screen: { kind: 'off' },
    screenTrack: null,
    screenAudioTrack: null,
    originalSound: false,
    ...initial,
  });
  const media: LocalMedia = {
    get snapshot() {
      return store.snapshot;
    },
    subscribe: store.subscribe,
    acquire: () => Promise.resolve(),
    turnOn: () => Promise.resolve(),
    turnOff: () => {},
    chooseDevice: () => Promise.resolve(true),
    setOriginalSound: () => Promise.resolve(true),
    canShareScreen: true,
    shareScreen: () => Promise.resolve(),
    stopScreen: () => {},
    permission: () => Promise.resolve('unknown'),
    level: () => 0,
    levelWhileMuted: () => 0,
    close: () => {},
  };
  return {
    media,
    become: (change: Partial<LocalMediaSnapshot>) => store.update((snapshot) => ({ ...snapshot, ...change })),
  };
}
