import type { LocalMediaSnapshot, RemoteParticipantSnapshot } from '@callbox/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMediaElements } from './media-elements.ts';

/** What the browser says to whoever wants to be heard. */
let mayPlay = true;

class FakeStream {
  readonly #tracks: readonly MediaStreamTrack[];
  constructor(tracks: readonly MediaStreamTrack[]) {
    this.#tracks = tracks;
  }
  getTracks(): readonly MediaStreamTrack[] {
    return this.#tracks;
  }
}

interface FakePicture {
  readonly paused: boolean;
  showFrame(): void;
}

function createFakeDocument() {
  const sounds: { readonly play: ReturnType<typeof vi.fn>; readonly sinks: string[] }[] = [];
  const pictures: FakePicture[] = [];
  const createElement = (name: string) => {
    const play = vi.fn<() => Promise<void>>();
    const sinks: string[] = [];
    const heard = new Map<string, () => void>();
    const element = {
      paused: true,
      videoWidth: 0,
      videoHeight: 0,
      pause() {
        element.paused = true;
      },
      showFrame() {
        Object.assign(element, { videoWidth: 4, videoHeight: 3 });
        heard.get('loadeddata')?.();
      },
      play,
      sinks,
      setSinkId(deviceId: string) {
        sinks.push(deviceId);
        return deviceId === 'gone'
          ? Promise.reject(new DOMException('', 'NotFoundError'))
          : Promise.resolve();
      },
      dataset: {},
      srcObject: null,
      addEventListener: (event: string, handle: () => void) => heard.set(event, handle),
      setAttribute: () => {},
      append: () => {},
      remove: () => {},
    };
    play.mockImplementation(async () => {
      if (name === 'audio' && !mayPlay) throw new DOMException('not now', 'NotAllowedError');
      element.paused = false;
    });
    if (name === 'video') pictures.push(element);
    if (name === 'audio') sounds.push(element);
    return element;
  };
  const document = { createElement: vi.fn(createElement), body: { append: () => {} } };
  return { document: document as unknown as Document, made: document.createElement.mock, sounds, pictures };
}

const camera = { id: 'camera' } as MediaStreamTrack;
const nothing = { cameraTrack: null, microphoneTrack: null } as LocalMediaSnapshot;
const ben = {
  id: 'ben',
  media: { audio: true, video: true, screen: false },
  tracks: { audio: { id: 'voice' }, camera: null, screen: null, screenAudio: null },
} as RemoteParticipantSnapshot;

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(() => {
  mayPlay = true;
  vi.stubGlobal('MediaStream', FakeStream);
});
afterEach(() => vi.unstubAllGlobals());

describe('the own picture', () => {
  it('stands still for a moment, and goes on', () => {
    const { document, pictures } = createFakeDocument();
    const elements = createMediaElements(document);
    elements.showSelf({ ...nothing, cameraTrack: camera });
    pictures[0]?.showFrame();
    elements.holdSelf(true);
    expect(pictures.map(({ paused }) => paused)).toEqual([true]);
    elements.holdSelf(false);
    expect(pictures.map(({ paused }) => paused)).toEqual([false]);
  });

  it('is not held before its first frame, and not begun where there is no camera', () => {
    const { document, pictures } = createFakeDocument();
    const elements = createMediaElements(document);
    elements.holdSelf(true);
    elements.holdSelf(false);
    expect(pictures.map(({ paused }) => paused)).toEqual([true]);
    elements.showSelf({ ...nothing, cameraTrack: camera });
    elements.holdSelf(true);
    expect(pictures.map(({ paused }) => paused)).toEqual([false]);
  });
});

describe('the elements of others', () => {
  it('are made with the first track to play in them, and dropped with the person', () => {
    const { document, made, sounds } = createFakeDocument();
    const elements = createMediaElements(document);
    const before = made.calls.length;
    const silent = { ...ben, tracks: { audio: null, camera: null, screen: null, screenAudio: null } };
    elements.showOthers([silent]);
    expect(made.calls.length).toBe(before);
    elements.showOthers([ben]);
    expect(made.calls.slice(before)).toEqual([['audio']]);
    elements.showOthers([]);
    elements.showOthers([ben]);
    expect(sounds).toHaveLength(2);
  });
});

describe('the sound of others', () => {
  it('is started by itself, and the browser need not be asked twice', async () => {
    const { document, sounds } = createFakeDocument();
    const elements = createMediaElements(document);
    elements.showOthers([ben]);
    await settle();
    elements.showSelf({ ...nothing, cameraTrack: camera });
    await settle();
    expect(elements.soundBlocked.value).toBe(false);
    expect(sounds.map(({ play }) => play.mock.calls.length)).toEqual([1]);
  });

  it('waits for a tap where the browser holds it back', async () => {
    mayPlay = false;
    const { document } = createFakeDocument();
    const elements = createMediaElements(document);
    elements.showOthers([ben]);
    await settle();
    expect(elements.soundBlocked.value).toBe(true);
    elements.showSelf(nothing);
    await settle();
    expect(elements.soundBlocked.value).toBe(true);
    mayPlay = true;
    elements.startSound();
    await settle();
    expect(elements.soundBlocked.value).toBe(false);
  });

  it('needs no tap once a device of this page is on, where the browser agrees', async () => {
    for (const agrees of [true, false]) {
      mayPlay = false;
      const elements = createMediaElements(createFakeDocument().document);
      elements.showOthers([ben]);
      await settle();
      mayPlay = agrees;
      elements.showSelf({ ...nothing, cameraTrack: camera });
      await settle();
      expect(elements.soundBlocked.value).toBe(!agrees);
    }
  });

  it('needs none either when the device came on while the browser made up its mind', async () => {
    mayPlay = false;
    const elements = createMediaElements(createFakeDocument().document);
    elements.showOthers([ben]);
    mayPlay = true;
    elements.showSelf({ ...nothing, cameraTrack: camera });
    await settle();
    expect(elements.soundBlocked.value).toBe(false);
  });

  it('comes from the speaker that was chosen, also that of those who come later, and from the system’s where it is gone', async () => {
    const { document, sounds } = createFakeDocument();
    const elements = createMediaElements(document);
    elements.showOthers([ben]);
    elements.setSpeaker('headset');
    elements.showOthers([ben, { ...ben, id: 'cy' as typeof ben.id }]);
    expect(sounds.map(({ sinks }) => sinks)).toEqual([['headset'], ['headset']]);
    elements.setSpeaker('gone');
    await settle();
    elements.setSpeaker('');
    expect(sounds.map(({ sinks }) => sinks)).toEqual([
      ['headset', 'gone', ''],
      ['headset', 'gone', ''],
    ]);
  });
});
