import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LocalMediaSnapshot } from '../local-media-types.ts';
import { createDeferred } from '../testing/deferred.ts';
import { FakeTrack } from '../testing/fake-track.ts';
import { createLocalMedia } from './create-local-media.ts';

type Outcome = FakeTrack[] | DOMException | Promise<FakeTrack[]>;
type Permissions = Partial<Record<string, string>>;

/** A browser whose getUserMedia gives these outcomes, one after the other. */
function stubBrowser(
  outcomes: Outcome[],
  permissions: Permissions = {},
  devices: Partial<MediaDeviceInfo>[] = [],
) {
  const asked: string[] = [];
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('HTMLMediaElement', { prototype: {} });
  page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('document', page);
  wanted = [];
  const events = new EventTarget();
  plugIn = () => void events.dispatchEvent(new Event('devicechange'));
  vi.stubGlobal('navigator', {
    mediaDevices: {
      addEventListener: events.addEventListener.bind(events),
      enumerateDevices: () => Promise.resolve(devices),
      getUserMedia: async ({ audio, video }: MediaStreamConstraints) => {
        wanted.push({ audio: audio ?? false, video: video ?? false });
        asked.push([audio !== false && 'audio', video !== false && 'video'].filter(Boolean).join('+'));
        const outcome = await outcomes.shift();
        if (outcome === undefined) throw new Error('asked once too often');
        if (outcome instanceof DOMException) throw outcome;
        return { getTracks: () => outcome };
      },
    },
    permissions: {
      query: async ({ name }: { name: string }) => {
        const state = permissions[name];
        if (state === undefined) throw new TypeError('no such permission');
        return { state };
      },
    },
    userActivation: { hasBeenActive: false },
  });
  return asked;
}

/** The constraints that the browser was asked with. */
let wanted: MediaStreamConstraints[];
let page: EventTarget & { visibilityState: string };
/** Tells that a device was plugged in. */
let plugIn: () => void;

const both = { microphone: true, camera: true };
const kindsOf = ({ microphone, camera }: LocalMediaSnapshot) => [microphone.kind, camera.kind];
const error = (name: string) => new DOMException('', name);

let microphone: FakeTrack;
let camera: FakeTrack;
beforeEach(() => {
  microphone = new FakeTrack('audio');
  camera = new FakeTrack('video');
});
afterEach(() => vi.unstubAllGlobals());

describe('asking for the devices', () => {
  it('is one prompt for both, and shows that it is asking', async () => {
    const asked = stubBrowser([[microphone, camera]]);
    const media = createLocalMedia();
    expect(kindsOf(media.snapshot)).toEqual(['off', 'off']);
    const acquired = media.acquire(both);
    expect(kindsOf(media.snapshot)).toEqual(['asking', 'asking']);
    await acquired;
    expect(asked).toEqual(['audio+video']);
    expect(media.snapshot).toEqual({
      microphone: { kind: 'on', label: 'a audio device' },
      camera: { kind: 'on', label: 'a video device' },
      microphoneTrack: microphone,
      cameraTrack: camera,
      screen: { kind: 'off' },
      screenTrack: null,
      screenAudioTrack: null,
      originalSound: false,
    });
    expect([microphone.contentHint, camera.contentHint]).toEqual(['speech', 'motion']);
  });

  it('asks for no more than was wanted', async () => {
    const asked = stubBrowser([[microphone]]);
    const media = createLocalMedia();
    await media.acquire({ microphone: true, camera: false });
    expect(asked).toEqual(['audio']);
    expect(kindsOf(media.snapshot)).toEqual(['on', 'off']);
  });

  it('takes the microphone alone where there is no camera', async () => {
    const asked = stubBrowser([error('NotFoundError'), [microphone], error('NotFoundError')]);
    const media = createLocalMedia();
    await media.acquire(both);
    expect(asked).toEqual(['audio+video', 'audio', 'video']);
    expect(media.snapshot.microphone.kind).toBe('on');
    expect(media.snapshot.camera).toEqual({ kind: 'failed', reason: 'not-found' });
  });

  it('takes the camera alone where another program holds the microphone', async () => {
    stubBrowser([error('NotReadableError'), error('NotReadableError'), [camera]]);
    const media = createLocalMedia();
    await media.acquire(both);
    expect(media.snapshot.microphone).toEqual({ kind: 'failed', reason: 'in-use' });
    expect(media.snapshot.camera.kind).toBe('on');
  });

  it('does not ask a person again who has just closed the prompt', async () => {
    const asked = stubBrowser([error('NotAllowedError')], { microphone: 'prompt', camera: 'prompt' });
    const media = createLocalMedia();
    await media.acquire(both);
    expect(asked).toEqual(['audio+video']);
    expect(media.snapshot.microphone).toEqual({ kind: 'failed', reason: 'dismissed' });
    expect(media.snapshot.camera).toEqual({ kind: 'failed', reason: 'dismissed' });
  });

  it('asks for the microphone alone where only the camera is blocked', async () => {
    const asked = stubBrowser([error('NotAllowedError'), [microphone]], {
      microphone: 'prompt',
      camera: 'denied',
    });
    const media = createLocalMedia();
    await media.acquire(both);
    expect(asked).toEqual(['audio+video', 'audio']);
    expect(kindsOf(media.snapshot)).toEqual(['on', 'failed']);
  });

  it('knows a page without HTTPS from a browser without devices', async () => {
    stubBrowser([]);
    vi.stubGlobal('isSecureContext', false);
    const insecure = createLocalMedia();
    await insecure.acquire(both);
    expect(insecure.snapshot.microphone).toEqual({ kind: 'failed', reason: 'insecure-context' });
    vi.stubGlobal('isSecureContext', true);
    vi.stubGlobal('navigator', {});
    const bare = createLocalMedia();
    await bare.turnOn('camera');
    expect(bare.snapshot.camera).toEqual({ kind: 'failed', reason: 'unsupported' });
  });

  it('asks once, however often it is told to while it asks', async () => {
    const answer = createDeferred();
    const asked = stubBrowser([answer.promise.then(() => [microphone, camera])]);
    const media = createLocalMedia();
    const first = media.acquire(both);
    const second = media.turnOn('camera');
    answer.resolve();
    await Promise.all([first, second]);
    expect(asked).toEqual(['audio+video']);
    expect(media.snapshot.cameraTrack).toBe(camera);
  });
});

describe('turning devices off and on', () => {
  it('mutes the microphone without giving it back', async () => {
    stubBrowser([[microphone]]);
    const media = createLocalMedia();
    await media.turnOn('microphone');
    media.turnOff('microphone');
    expect(media.snapshot.microphone.kind).toBe('muted');
    expect(media.snapshot.microphoneTrack).toBe(microphone);
    expect([microphone.enabled, microphone.readyState]).toEqual([false, 'live']);
    await media.turnOn('microphone');
    expect(media.snapshot.microphone.kind).toBe('on');
    expect(microphone.enabled).toBe(true);
  });

  it('stops the camera, so that its light goes out, and asks anew for it', async () => {
    const again = new FakeTrack('video');
    const asked = stubBrowser([[camera], [again]]);
    const media = createLocalMedia();
    await media.turnOn('camera');
    media.turnOff('camera');
    expect(media.snapshot).toMatchObject({ camera: { kind: 'off' }, cameraTrack: null });
    expect(camera.readyState).toBe('ended');
    await media.turnOn('camera');
    expect(asked).toEqual(['video', 'video']);
    expect(media.snapshot.cameraTrack).toBe(again);
  });

  it('does not keep a device that is no longer wanted when it comes', async () => {
    const answer = createDeferred();
    stubBrowser([answer.promise.then(() => [camera])]);
    const media = createLocalMedia();
    const turnedOn = media.turnOn('camera');
    media.turnOff('camera');
    answer.resolve();
    await turnedOn;
    expect(media.snapshot.camera.kind).toBe('off');
    expect(camera.readyState).toBe('ended');
  });

  it('keeps the part of the snapshot that did not change', async () => {
    stubBrowser([[microphone, camera]]);
    const media = createLocalMedia();
    await media.acquire(both);
    const before = media.snapshot;
    media.turnOff('microphone');
    expect(media.snapshot).not.toBe(before);
    expect(media.snapshot.camera).toBe(before.camera);
  });
});

describe('a device that is gone', () => {
  it('is replaced by any other', async () => {
    const other = new FakeTrack('video');
    const asked = stubBrowser([[microphone, camera], [other]]);
    const media = createLocalMedia();
    await media.acquire(both);
    camera.vanish();
    await vi.waitFor(() => expect(media.snapshot.cameraTrack).toBe(other));
    expect(asked).toEqual(['audio+video', 'video']);
    expect(media.snapshot.microphoneTrack).toBe(microphone);
  });

  it('is replaced by a muted one when it was muted', async () => {
    const other = new FakeTrack('audio');
    stubBrowser([[microphone], [other]]);
    const media = createLocalMedia();
    await media.turnOn('microphone');
    media.turnOff('microphone');
    microphone.vanish();
    await vi.waitFor(() => expect(media.snapshot.microphone.kind).toBe('muted'));
    expect([media.snapshot.microphoneTrack, other.enabled]).toEqual([other, false]);
  });

  it('is told as not found when there is no other, and taken again when one is plugged in', async () => {
    const again = new FakeTrack('video');
    stubBrowser([[microphone, camera], error('NotFoundError'), [again]]);
    const media = createLocalMedia();
    await media.acquire(both);
    camera.vanish();
    await vi.waitFor(() =>
      expect(media.snapshot).toMatchObject({
        camera: { kind: 'failed', reason: 'not-found' },
        cameraTrack: null,
      }),
    );
    expect(media.snapshot.microphone.kind).toBe('on');
    plugIn();
    await vi.waitFor(() => expect(media.snapshot.cameraTrack).toBe(again));
  });

  it('is not looked for by one who turned it off meanwhile, or never had it', async () => {
    const asked = stubBrowser([error('NotFoundError'), error('NotFoundError'), error('NotFoundError')]);
    const media = createLocalMedia();
    await media.acquire(both);
    plugIn();
    expect(asked).toHaveLength(3);
  });

  it('is of no interest once another has taken its place', async () => {
    const again = new FakeTrack('video');
    stubBrowser([[camera], [again]]);
    const media = createLocalMedia();
    await media.turnOn('camera');
    media.turnOff('camera');
    await media.turnOn('camera');
    camera.vanish();
    expect(media.snapshot.camera.kind).toBe('on');
  });
});

describe('a page that is seen again', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const become = (visibilityState: string) => {
    page.visibilityState = visibilityState;
    page.dispatchEvent(new Event('visibilitychange'));
  };

  it('asks anew for what the system took away and has not given back, and for nothing else', async () => {
    const other = new FakeTrack('audio');
    const asked = stubBrowser([[microphone, camera], [other]]);
    const media = createLocalMedia();
    await media.acquire(both);
    microphone.muted = true;
    camera.muted = true;
    become('hidden');
    become('visible');
    camera.muted = false;
    await vi.advanceTimersByTimeAsync(1_900);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(asked).toEqual(['audio+video', 'audio']);
    expect(media.snapshot).toMatchObject({ microphoneTrack: other, cameraTrack: camera });
    expect(microphone.readyState).toBe('ended');
  });

  it('asks for nothing when it is hidden again before', async () => {
    const asked = stubBrowser([[microphone]]);
    const media = createLocalMedia();
    await media.turnOn('microphone');
    microphone.muted = true;
    become('visible');
    become('hidden');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(1);
  });
});

describe('original sound', () => {
  const untouched = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

  it('opens a microphone that is held anew, muted as it was, and says that it is music', async () => {
    const other = new FakeTrack('audio');
    const voice = new FakeTrack('audio');
    stubBrowser([[microphone], [other], [voice]]);
    const media = createLocalMedia();
    await media.turnOn('microphone');
    media.turnOff('microphone');
    expect(await media.setOriginalSound(true)).toBe(true);
    expect(wanted.at(-1)?.audio).toMatchObject({ ...untouched, channelCount: { ideal: 2 } });
    expect(media.snapshot).toMatchObject({
      originalSound: true,
      microphone: { kind: 'muted' },
      microphoneTrack: other,
    });
    expect([microphone.readyState, other.contentHint, other.enabled]).toEqual(['ended', 'music', false]);
    await media.setOriginalSound(false);
    expect(wanted.at(-1)?.audio).toMatchObject({ echoCancellation: true });
    expect([media.snapshot.originalSound, voice.contentHint]).toEqual([false, 'speech']);
  });

  it('waits until the microphone is turned on', async () => {
    stubBrowser([[microphone]]);
    const media = createLocalMedia();
    expect(await media.setOriginalSound(true)).toBe(true);
    await media.turnOn('microphone');
    expect(wanted.at(-1)?.audio).toMatchObject(untouched);
  });

  it('is not in force where the microphone could not be had so', async () => {
    stubBrowser([[microphone], error('NotReadableError')]);
    const media = createLocalMedia();
    await media.turnOn('microphone');
    expect(await media.setOriginalSound(true)).toBe(false);
    expect(media.snapshot).toMatchObject({ originalSound: false, microphoneTrack: microphone });
  });
});

describe('choosing a device', () => {
  it('replaces one that is held, muted as it was, and lets the old one go', async () => {
    const other = new FakeTrack('audio', 'headset');
    const asked = stubBrowser([[microphone], [other]]);
    const media = createLocalMedia();
    await media.turnOn('microphone');
    media.turnOff('microphone');
    expect(await media.chooseDevice('microphone', { id: 'headset' })).toBe(true);
    expect(wanted.at(-1)?.audio).toMatchObject({ deviceId: { exact: 'headset' }, echoCancellation: true });
    expect(asked).toHaveLength(2);
    expect(media.snapshot).toMatchObject({
      microphone: { kind: 'muted', label: 'headset' },
      microphoneTrack: other,
    });
    expect([microphone.readyState, other.enabled]).toEqual(['ended', false]);
  });

  it('waits until the device is turned on, and lasts', async () => {
    stubBrowser([[camera], [new FakeTrack('video')]]);
    const media = createLocalMedia();
    expect(await media.chooseDevice('camera', { facing: 'environment' })).toBe(true);
    for (let time = 0; time < 2; time += 1) {
      await media.turnOn('camera');
      expect(wanted.at(-1)?.video).toMatchObject({ facingMode: 'environment' });
      media.turnOff('camera');
    }
  });

  it('finds one by its label that has another id by now, and lets go of what came in its place', async () => {
    const desk = new FakeTrack('video', 'Desk camera');
    camera.deviceId = 'built-in';
    stubBrowser([[camera], [desk]], {}, [
      { kind: 'videoinput', deviceId: 'built-in', label: 'Built-in' },
      { kind: 'videoinput', deviceId: 'new-id', label: 'Desk camera' },
    ]);
    const media = createLocalMedia();
    await media.chooseDevice('camera', { id: 'old-id', label: 'Desk camera' });
    await media.turnOn('camera');
    expect(wanted.map(({ video }) => video)).toMatchObject([
      { deviceId: { ideal: 'old-id' } },
      { deviceId: { exact: 'new-id' } },
    ]);
    expect(media.snapshot.camera).toEqual({ kind: 'on', label: 'Desk camera' });
    expect(camera.readyState).toBe('ended');
  });

  it('takes what comes where none of that label is there', async () => {
    camera.deviceId = 'built-in';
    const asked = stubBrowser([[camera]], {}, [
      { kind: 'videoinput', deviceId: 'built-in', label: 'Built-in' },
    ]);
    const media = createLocalMedia();
    await media.chooseDevice('camera', { id: 'old-id', label: 'Desk camera' });
    await media.turnOn('camera');
    expect([media.snapshot.cameraTrack, asked.length]).toEqual([camera, 1]);
  });

  it('keeps what is held when the other is not to be had', async () => {
    stubBrowser([[camera], error('NotReadableError')]);
    const media = createLocalMedia();
    await media.turnOn('camera');
    expect(await media.chooseDevice('camera', { id: 'other' })).toBe(false);
    expect(media.snapshot.cameraTrack).toBe(camera);
    expect(camera.readyState).toBe('live');
  });
});

describe('a muted microphone', () => {
  it('is listened to by a copy, which ends with the muting', async () => {
    stubBrowser([[microphone]]);
    const copy = new FakeTrack('audio');
    copy.enabled = false;
    vi.spyOn(microphone, 'clone').mockReturnValue(copy);
    const media = createLocalMedia();
    await media.turnOn('microphone');
    expect(media.levelWhileMuted()).toBe(0);
    media.turnOff('microphone');
    expect([microphone.enabled, copy.enabled, copy.readyState]).toEqual([false, true, 'live']);
    await media.turnOn('microphone');
    expect(copy.readyState).toBe('ended');
  });
});

describe('what the browser says of permissions', () => {
  it('is passed on, and unknown where the browser does not tell', async () => {
    stubBrowser([], { microphone: 'granted' });
    const media = createLocalMedia();
    expect(await media.permission('microphone')).toBe('granted');
    expect(await media.permission('camera')).toBe('unknown');
  });
});

describe('closing', () => {
  it('stops every track, and is silent from then on', async () => {
    stubBrowser([[microphone, camera]]);
    const media = createLocalMedia();
    await media.acquire(both);
    media.close();
    expect([microphone.readyState, camera.readyState]).toEqual(['ended', 'ended']);
    expect(kindsOf(media.snapshot)).toEqual(['off', 'off']);
    expect(media.level()).toBe(0);
  });
});
