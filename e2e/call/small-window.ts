import type { Guest } from '../browser/guest.ts';
import { until } from '../until.ts';

/** What the small window of a guest shows. */
export interface SmallWindowView {
  /** Whose name is there, with what is said of them. */
  readonly text: string;
  readonly source: string | null;
  readonly microphone: string | null;
  /** A number that is another for another picture; null: there is none. */
  readonly picture: number | null;
  /** The names of its controls. */
  readonly controls: readonly string[];
  readonly mic: string | null;
}

/** What is in the small window; null where there is none, or it is still empty. */
export function readSmallWindow(guest: Guest): Promise<SmallWindowView | null> {
  return guest.evaluate((): SmallWindowView | null => {
    function sumOf(video: HTMLVideoElement): number {
      const canvas = new OffscreenCanvas(160, 90);
      const context = canvas.getContext('2d');
      context?.drawImage(video, 0, 0, canvas.width, canvas.height);
      const { data = [] } = context?.getImageData(0, 0, canvas.width, canvas.height) ?? {};
      let sum = 0;
      for (const value of data) sum = (sum * 31 + value) % 1_000_003;
      return sum;
    }
    const small = window.documentPictureInPicture?.window?.document;
    const item = small?.querySelector('li');
    if (small === undefined || item === null || item === undefined) return null;
    const video = small.querySelector('video');
    return {
      text: item.textContent,
      source: video?.dataset['source'] ?? null,
      microphone: item.getAttribute('data-audio'),
      picture: video === null || video.videoWidth === 0 ? null : sumOf(video),
      controls: [...small.querySelectorAll('button')].map((button) => button.innerText.replace(/\s+/g, ' ')),
      mic: small.querySelector('[role="switch"]')?.getAttribute('aria-checked') ?? null,
    };
  }, null);
}

/** Opens it from the menu of the call. */
export async function openSmallWindow(guest: Guest): Promise<void> {
  await guest.click('button', 'More');
  await guest.click('menuitem', 'Small window');
}

/** Presses a control in it whose words begin with `name`. */
export function pressInSmallWindow(guest: Guest, name: string): Promise<void> {
  return guest.evaluate((begin) => {
    const buttons = window.documentPictureInPicture?.window?.document.querySelectorAll('button') ?? [];
    const button = [...buttons].find(({ innerText }) => innerText.startsWith(begin));
    if (button === undefined) throw new Error(`the small window has no ${begin}`);
    button.click();
  }, name);
}

/** Waits until it shows who is named, in a picture that moves. */
export async function waitForMovingPicture(guest: Guest, name: string): Promise<void> {
  let before: number | null = null;
  await until(
    `the small window of ${guest.label} to show ${name}, moving`,
    async () => {
      const view = await readSmallWindow(guest);
      const picture = view?.text.includes(name) === true ? view.picture : null;
      const found = picture !== null && before !== null && picture !== before;
      before = picture;
      return found ? { found, value: null } : { found: false, seen: view };
    },
    60_000,
  );
}

/** Waits until there is none. */
export async function waitForNoSmallWindow(guest: Guest): Promise<void> {
  await until(`${guest.label} to have no small window`, async () => {
    const isOpen = await guest.evaluate(
      () => (window.documentPictureInPicture?.window ?? null) !== null,
      null,
    );
    return isOpen ? { found: false, seen: 'it is open' } : { found: true, value: null };
  });
}
