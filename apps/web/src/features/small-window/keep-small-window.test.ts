import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SmallWindow } from '../call/use-small-window.ts';
import { keepSmallWindow } from './keep-small-window.ts';

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A window, as the browser opens and closes it. */
function createFakeWindow() {
  const page = new EventTarget();
  const close = vi.fn(() => void page.dispatchEvent(new Event('pagehide')));
  return Object.assign(page, { close });
}

function createFakeVideo() {
  const video = new EventTarget();
  const requestPictureInPicture = () => Promise.resolve({ width: 300, height: 200 });
  return Object.assign(video, { disablePictureInPicture: true, requestPictureInPicture });
}

const moreButton = { focus: vi.fn() };
const body = {};
const page = {
  activeElement: body,
  body,
  getElementById: () => moreButton,
  exitPictureInPicture: vi.fn(() => Promise.resolve()),
};
/** What the browser does when the tab is left. */
let leaveTab: (() => void) | null = null;
let requestWindow = vi.fn(() => Promise.resolve(createFakeWindow()));

function setUp(video: ReturnType<typeof createFakeVideo> | null = null) {
  const told: (SmallWindow | null)[] = [];
  const shownVideo = { current: video as unknown as HTMLVideoElement | null };
  return { told, keeper: keepSmallWindow(shownVideo, (current) => told.push(current)) };
}

beforeEach(() => {
  moreButton.focus.mockClear();
  requestWindow = vi.fn(() => Promise.resolve(createFakeWindow()));
  vi.stubGlobal('window', { documentPictureInPicture: { requestWindow } });
  vi.stubGlobal('document', page);
  vi.stubGlobal('navigator', {
    mediaSession: {
      setActionHandler: (_: string, handler: (() => void) | null) => {
        leaveTab = handler;
      },
    },
  });
});
afterEach(() => vi.unstubAllGlobals());

describe('the small window', () => {
  it('is opened once, however often it is asked for, and closed by the next wish', async () => {
    const { keeper, told } = setUp();
    keeper.toggle();
    keeper.toggle();
    leaveTab?.();
    await settle();
    expect(requestWindow).toHaveBeenCalledTimes(1);
    expect(told.map((current) => current?.kind)).toEqual(['page']);
    keeper.toggle();
    expect(told.at(-1)).toBeNull();
    expect(moreButton.focus).toHaveBeenCalledTimes(1);
  });

  it('is opened by the browser when the tab is left, until the call is', async () => {
    const { keeper, told } = setUp();
    leaveTab?.();
    await settle();
    expect(told).toHaveLength(1);
    keeper.stop();
    expect(leaveTab).toBeNull();
  });

  it('closes with the call, without a word to what is no longer there', async () => {
    const small = createFakeWindow();
    requestWindow.mockResolvedValueOnce(small);
    const { keeper, told } = setUp();
    keeper.toggle();
    await settle();
    keeper.stop();
    expect(small.close).toHaveBeenCalled();
    expect(told).toHaveLength(1);
  });

  it('closes at once where the call was left while it was being opened', async () => {
    const small = createFakeWindow();
    requestWindow.mockResolvedValueOnce(small);
    const { keeper, told } = setUp();
    keeper.toggle();
    keeper.stop();
    await settle();
    expect(small.close).toHaveBeenCalled();
    expect(told).toEqual([]);
  });

  it('can be asked for again where the browser did not want to', async () => {
    requestWindow.mockRejectedValueOnce(new DOMException('', 'NotAllowedError'));
    const { keeper, told } = setUp();
    keeper.toggle();
    await settle();
    expect(told).toEqual([]);
    keeper.toggle();
    await settle();
    expect(told).toHaveLength(1);
  });

  it('leaves the keyboard to who has it', async () => {
    vi.stubGlobal('document', { ...page, activeElement: {} });
    const { keeper } = setUp();
    keeper.toggle();
    await settle();
    keeper.toggle();
    expect(moreButton.focus).not.toHaveBeenCalled();
  });

  it('is the browser’s own around a picture where pages have none, and nothing where there is no picture', async () => {
    vi.stubGlobal('window', {});
    vi.stubGlobal('navigator', {});
    const video = createFakeVideo();
    const { keeper, told } = setUp(video);
    keeper.toggle();
    await settle();
    expect(told[0]).toMatchObject({ kind: 'picture', video, box: { width: 300, height: 200 } });
    expect(video.disablePictureInPicture).toBe(false);
    keeper.toggle();
    expect(page.exitPictureInPicture).toHaveBeenCalledTimes(1);
    video.dispatchEvent(new Event('leavepictureinpicture'));
    expect(told).toHaveLength(2);
    expect(video.disablePictureInPicture).toBe(true);

    const nobody = setUp();
    nobody.keeper.toggle();
    await settle();
    expect(nobody.told).toEqual([]);
  });
});
