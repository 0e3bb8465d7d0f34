import type {
  DeviceChoice,
  DeviceKind,
  DeviceState,
  LocalMedia,
  LocalMediaSnapshot,
  MediaFailure,
} from '../local-media-types.ts';
import { createSnapshotStore } from '../snapshot-store.ts';
import { askPermission, capture, capturePicked, type Captured, type Choices } from './capture.ts';
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
  originalSound: false,
};

const isSeen = () => document.visibilityState === 'visible';
const kinds = ['microphone', 'camera'] as const;
/** For so long after a page is seen again its devices may still be on their way back. */
const givenBackForMs = 2_000;
const trackFields = { microphone: 'microphoneTrack', camera: 'cameraTrack' } as const;

/** Makes the keeper of this person's devices. It asks for none until told to. */
export function createLocalMedia(): LocalMedia {
  const store = createSnapshotStore(nothing);
  const meter = createLevelMeter(() => renew(kinds));
  const screen = createScreenShare((change) => store.update((snapshot) => ({ ...snapshot, ...change })));
  /** Counts what was wanted of each device: what comes for an older wish is not wanted any more. */
  const wishes: Record<DeviceKind, number> = { microphone: 0, camera: 0 };
  const choices: Record<DeviceKind, DeviceChoice | null> = { microphone: null, camera: null };
  /** Those that were pulled out, and nothing found in their place: what is plugged in next is taken. */
  const lost = new Set<DeviceKind>();
  /** Listens to a muted microphone; the others hear nothing of it. */
  let ear: MediaStreamTrack | null = null;
  const asked = { microphone: Promise.resolve(), camera: Promise.resolve() };

  function set(kind: DeviceKind, state: DeviceState, track: MediaStreamTrack | null): void {
    if (kind === 'microphone') listen(state, track);
    store.update((snapshot) => ({ ...snapshot, [kind]: state, [trackFields[kind]]: track }));
  }

  function listen(state: DeviceState, track: MediaStreamTrack | null): void {
    ear?.stop();
    ear = null;
    if (state.kind === 'muted' && track !== null) {
      ear = track.clone();
      ear.enabled = true;
    }
    meter.follow(state.kind === 'on' ? track : ear);
  }

  const wanted = (): Choices => ({ ...choices, originalSound: store.snapshot.originalSound });

  function trackOf(kind: DeviceKind): MediaStreamTrack | null {
    return store.snapshot[trackFields[kind]];
  }

  function hold(kind: DeviceKind, track: MediaStreamTrack): void {
    track.contentHint = kind === 'camera' ? 'motion' : store.snapshot.originalSound ? 'music' : 'speech';
    // Told when the device is pulled out or its permission taken back, not when we stop it.
    track.addEventListener('ended', () => {
      if (trackOf(kind) === track) void recover(kind);
    });
    set(kind, { kind: 'on', label: track.label }, track);
  }

  /** The device is gone: any other will do, muted if this one was. */
  async function recover(kind: DeviceKind): Promise<void> {
    const wasMuted = store.snapshot[kind].kind === 'muted';
    set(kind, { kind: 'off' }, null);
    await ask([kind]);
    const track = trackOf(kind);
    if (track !== null && wasMuted) setMuted(track, true);
    if (store.snapshot[kind].kind === 'failed') lost.add(kind);
  }

  function lookAgain(): void {
    for (const kind of lost) {
      lost.delete(kind);
      if (store.snapshot[kind].kind === 'failed') void recover(kind);
    }
  }

  /** Puts the chosen device in the place of the one that is held. */
  async function replace(kind: DeviceKind): Promise<boolean> {
    const wish = (wishes[kind] += 1);
    const result = await capturePicked(kind, wanted());
    if (result?.ok !== true) return false;
    const before = trackOf(kind);
    if (wishes[kind] !== wish || before === null) {
      result.track.stop();
      return false;
    }
    const wasMuted = store.snapshot[kind].kind === 'muted';
    hold(kind, result.track);
    if (wasMuted) setMuted(result.track, true);
    before.stop();
    return true;
  }

  /** What was taken away and given back by the system may look alive and be dead. */
  function renew(wanted: readonly DeviceKind[]): void {
    for (const kind of wanted) if (trackOf(kind) !== null) void replace(kind);
  }

  /** The system silences devices of pages that nobody sees, and does not always give them back when somebody does. */
  async function lookWhenSeen(): Promise<void> {
    if (!isSeen()) return;
    await new Promise((resolve) => setTimeout(resolve, givenBackForMs));
    if (isSeen()) renew(kinds.filter((kind) => trackOf(kind)?.muted === true));
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
    const results = await capture(missing, wanted());
    for (const [kind, wish] of wished) settle(kind, results.get(kind), wish);
  }

  function release(kind: DeviceKind): void {
    lost.delete(kind);
    wishes[kind] += 1;
    trackOf(kind)?.stop();
    set(kind, { kind: 'off' }, null);
  }

  function setMuted(track: MediaStreamTrack, muted: boolean): void {
    track.enabled = !muted;
    set('microphone', { kind: muted ? 'muted' : 'on', label: track.label }, track);
  }

  if (globalThis.isSecureContext && 'mediaDevices' in navigator) {
    // Lasts as long as the page, as this does.
    navigator.mediaDevices.addEventListener('devicechange', lookAgain);
    document.addEventListener('visibilitychange', () => void lookWhenSeen());
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
    async chooseDevice(kind, choice) {
      const before = choices[kind];
      choices[kind] = choice;
      if (trackOf(kind) === null || (await replace(kind))) return true;
      choices[kind] = before;
      return false;
    },
    async setOriginalSound(original) {
      const before = store.snapshot.originalSound;
      if (original === before) return true;
      store.update((snapshot) => ({ ...snapshot, originalSound: original }));
      if (trackOf('microphone') === null || (await replace('microphone'))) return true;
      store.update((snapshot) => ({ ...snapshot, originalSound: before }));
      return false;
    },
    canShareScreen: canShareScreen(),
    shareScreen: screen.start,
    stopScreen: screen.stop,
    permission: askPermission,
    level: () => (ear === null ? meter.level() : 0),
    levelWhileMuted: () => (ear === null ? 0 : meter.level()),
    close() {
      for (const kind of kinds) release(kind);
      screen.stop();
      lost.clear();
      meter.close();
    },
  };
}
