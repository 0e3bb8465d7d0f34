import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDeferred } from '../testing/deferred.ts';
import { FakeTrack } from '../testing/fake-track.ts';
import { createLocalMedia } from './create-local-media.ts';

type Outcome = FakeTrack[] | DOMException | Promise<FakeTrack[]>;

/** A browser in which the person chooses these, one after the other. */
function stubBrowser(...outcomes: Outcome[]) {
  const asked: DisplayMediaStreamOptions[] = [];
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('document', new EventTarget());
  vi.stubGlobal('navigator', {
    mediaDevices: {
      addEventListener: () => {},
      getDisplayMedia: async (options: DisplayMediaStreamOptions) => {
        asked.push(options);
        const outcome = await outcomes.shift();
        if (outcome === undefined) throw new Error('asked once too often');
        if (outcome instanceof DOMException) throw outcome;
        return {
          getTracks: () => outcome,
          getVideoTracks: () => outcome.filter(({ kind }) => kind === 'video'),
          getAudioTracks: () => outcome.filter(({ kind }) => kind === 'audio'),
        };
      },
    },
  });
  return asked;
}

const picture = (label = 'a window') => new FakeTrack('video', label);
const sound = () => new FakeTrack('audio');
const closed = () => new DOMException('Permission denied', 'NotAllowedError');
const off = { screen: { kind: 'off' }, screenTrack: null, screenAudioTrack: null };

afterEach(() => vi.unstubAllGlobals());

describe('sharing a screen', () => {
  it('shows what was chosen, with its sound, and asks for both', async () => {
    const screen = picture();
    const music = sound();
    const asked = stubBrowser([screen, music]);
    const media = createLocalMedia();
    const shared = media.shareScreen();
    expect(media.snapshot.screen).toEqual({ kind: 'asking' });
    await shared;
    expect(media.snapshot).toMatchObject({
      screen: { kind: 'on', label: 'a window', sound: true },
      screenTrack: screen,
      screenAudioTrack: music,
    });
    expect([screen.contentHint, music.contentHint]).toEqual(['detail', 'music']);
    expect(asked[0]).toMatchObject({
      audio: { echoCancellation: false, restrictOwnAudio: true },
      selfBrowserSurface: 'exclude',
    });
  });

  it('shows a picture alone where the browser gives no sound', async () => {
    stubBrowser([picture()]);
    const media = createLocalMedia();
    await media.shareScreen();
    expect(media.snapshot).toMatchObject({ screen: { kind: 'on', sound: false }, screenAudioTrack: null });
  });

  it('ends by the page, and stops the tracks', async () => {
    const screen = picture();
    const music = sound();
    stubBrowser([screen, music]);
    const media = createLocalMedia();
    await media.shareScreen();
    media.stopScreen();
    expect(media.snapshot).toMatchObject(off);
    expect([screen.readyState, music.readyState]).toEqual(['ended', 'ended']);
  });

  it("ends by the browser's own button, together with the sound", async () => {
    const screen = picture();
    const music = sound();
    stubBrowser([screen, music]);
    const media = createLocalMedia();
    await media.shareScreen();
    screen.vanish();
    expect(media.snapshot).toMatchObject(off);
    expect(music.readyState).toBe('ended');
  });

  it('goes on without its sound when that alone ends', async () => {
    const screen = picture();
    const music = sound();
    stubBrowser([screen, music]);
    const media = createLocalMedia();
    await media.shareScreen();
    music.vanish();
    expect(media.snapshot).toMatchObject({
      screen: { kind: 'on', sound: false },
      screenTrack: screen,
      screenAudioTrack: null,
    });
  });

  it('is over when the media are closed', async () => {
    const screen = picture();
    stubBrowser([screen]);
    const media = createLocalMedia();
    await media.shareScreen();
    media.close();
    expect(media.snapshot).toMatchObject(off);
    expect(screen.readyState).toBe('ended');
  });
});

describe('choosing what to show', () => {
  it('is no failure when the person thinks better of it', async () => {
    stubBrowser(closed());
    const media = createLocalMedia();
    await media.shareScreen();
    expect(media.snapshot).toMatchObject(off);
  });

  it('is a failure when the system forbids it', async () => {
    stubBrowser(new DOMException('Permission denied by system', 'NotAllowedError'));
    const media = createLocalMedia();
    await media.shareScreen();
    expect(media.snapshot.screen).toEqual({ kind: 'failed', reason: 'denied' });
    media.stopScreen();
    expect(media.snapshot).toMatchObject(off);
  });

  it('puts something else in place of what is shown, and lets that go only then', async () => {
    const first = picture('first');
    const second = picture('second');
    const answer = createDeferred();
    stubBrowser(
      [first],
      answer.promise.then(() => [second]),
    );
    const media = createLocalMedia();
    await media.shareScreen();
    const changed = media.shareScreen();
    expect(media.snapshot.screenTrack).toBe(first);
    answer.resolve();
    await changed;
    expect(media.snapshot).toMatchObject({ screen: { label: 'second' }, screenTrack: second });
    expect(first.readyState).toBe('ended');
    // The end of the first, told late, is of no interest.
    first.vanish();
    expect(media.snapshot.screenTrack).toBe(second);
  });

  it.each([closed(), new DOMException('', 'NotReadableError')])(
    'leaves what is shown in place when nothing else comes of it',
    async (error) => {
      const screen = picture();
      stubBrowser([screen], error);
      const media = createLocalMedia();
      await media.shareScreen();
      await media.shareScreen();
      expect(media.snapshot).toMatchObject({ screen: { kind: 'on' }, screenTrack: screen });
      expect(screen.readyState).toBe('live');
    },
  );

  it('shows nothing to a person who has stopped meanwhile', async () => {
    const screen = picture();
    const answer = createDeferred();
    stubBrowser(answer.promise.then(() => [screen]));
    const media = createLocalMedia();
    const shared = media.shareScreen();
    media.stopScreen();
    answer.resolve();
    await shared;
    expect(media.snapshot).toMatchObject(off);
    expect(screen.readyState).toBe('ended');
  });
});

describe('a browser without screens to share', () => {
  it('says so before it is asked, and when it is', async () => {
    vi.stubGlobal('isSecureContext', true);
    vi.stubGlobal('document', new EventTarget());
    vi.stubGlobal('navigator', { mediaDevices: { addEventListener: () => {} } });
    const media = createLocalMedia();
    expect(media.canShareScreen).toBe(false);
    await media.shareScreen();
    expect(media.snapshot.screen).toEqual({ kind: 'failed', reason: 'unsupported' });
  });

  it('is told from a page without HTTPS', async () => {
    stubBrowser();
    expect(createLocalMedia().canShareScreen).toBe(true);
    vi.stubGlobal('isSecureContext', false);
    const media = createLocalMedia();
    await media.shareScreen();
    expect(media.snapshot.screen).toEqual({ kind: 'failed', reason: 'insecure-context' });
  });
});
