import type {
  DeviceKind,
  DeviceState,
  LocalMedia,
  LocalMediaSnapshot,
  MediaFailure,
} from '../local-media-types.ts';
import { createSnapshotStore } from '../snapshot-store.ts';
import { askPermission, capture, type Captured } from './capture.ts';
import { createLevelMeter } from './level-meter.ts';
import { canShareScreen, createScreenShare } from './screen-share.ts';

const nothing: LocalMediaSnapshot = {
  microphone: { kind: 'off' },
  camera: { kind: 'off' },
  microphoneTrack: null,
  cameraTrack: null,
  screen: { kind: 'off' },
  screenTrack: null,
  screenAudioTrack: null,
};

const kinds = ['microphone', 'camera'] as const;
const trackFields = { microphone: 'microphoneTrack', camera: 'cameraTrack' } as const;

/** Makes the keeper of this person's devices. It asks for none until told to. */
export function createLocalMedia(): LocalMedia {
  const store = createSnapshotStore(nothing);
  const meter = createLevelMeter();
  const screen = createScreenShare((change) => store.update((snapshot) => ({ ...snapshot, ...change })));
  /** Counts what was wanted of each device: what comes for an older wish is not wanted any more. */
  const wishes: Record<DeviceKind, number> = { microphone: 0, camera: 0 };
  const asked = { microphone: Promise.resolve(), camera: Promise.resolve() };

  function set(kind: DeviceKind, state: DeviceState, track: MediaStreamTrack | null): void {
    if (kind === 'microphone') meter.follow(state.kind === 'on' ? track : null);
    store.update((snapshot) => ({ ...snapshot, [kind]: state, [trackFields[kind]]: track }));
  }

  function trackOf(kind: DeviceKind): MediaStreamTrack | null {
    return store.snapshot[trackFields[kind]];
  }

  function hold(kind: DeviceKind, track: MediaStreamTrack): void {
    track.contentHint = kind === 'camera' ? 'motion' : 'speech';
    // Told when the device is pulled out or its permission taken back, not when we stop it.
    track.addEventListener('ended', () => {
      if (trackOf(kind) === track) fail(kind, 'not-found');
    });
    set(kind, { kind: 'on', label: track.label }, track);
  }

  function fail(kind: DeviceKind, reason: MediaFailure): void {
    set(kind, { kind: 'failed', reason }, null);
  }

  function settle(kind: DeviceKind, result: Captured | undefined, wish: number): void {
    if (wishes[kind] !== wish) {
      if (result?.ok === true) result.track.stop();
      return;
    }
    if (result?.ok === true) hold(kind, result.track);
    else fail(kind, result?.reason ?? 'failed');
  }

  /** Asks for what is not held and not being asked for; resolves when all of it is settled. */
  async function ask(wanted: readonly DeviceKind[]): Promise<void> {
    const missing = wanted.filter((kind) => trackOf(kind) === null && store.snapshot[kind].kind !== 'asking');
    if (missing.length > 0) {
      const settled = askAnew(missing);
      for (const kind of missing) asked[kind] = settled;
    }
    await Promise.all(wanted.map((kind) => asked[kind]));
  }

  async function askAnew(missing: readonly DeviceKind[]): Promise<void> {
    const wished = missing.map((kind) => [kind, (wishes[kind] += 1)] as const);
    for (const kind of missing) set(kind, { kind: 'asking' }, null);
    const results = await capture(missing);
    for (const [kind, wish] of wished) settle(kind, results.get(kind), wish);
  }

  function release(kind: DeviceKind): void {
    wishes[kind] += 1;
    trackOf(kind)?.stop();
    set(kind, { kind: 'off' }, null);
  }

  function setMuted(track: MediaStreamTrack, muted: boolean): void {
    track.enabled = !muted;
    set('microphone', { kind: muted ? 'muted' : 'on', label: track.label }, track);
  }

  return {
    get snapshot() {
      return store.snapshot;
    },
    subscribe: store.subscribe,
    acquire: (wanted) => ask(kinds.filter((kind) => wanted[kind])),
    async turnOn(kind) {
      const track = trackOf(kind);
      if (track === null) await ask([kind]);
      else if (kind === 'microphone') setMuted(track, false);
    },
    turnOff(kind) {
      const track = trackOf(kind);
      if (kind === 'microphone' && track !== null) setMuted(track, true);
      else release(kind);
    },
    canShareScreen: canShareScreen(),
    shareScreen: screen.start,
    stopScreen: screen.stop,
    permission: askPermission,
    level: () => meter.level(),
    close() {
      for (const kind of kinds) release(kind);
      screen.stop();
      meter.close();
    },
  };
}
