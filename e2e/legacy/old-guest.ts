import type { Guest } from '../browser/guest.ts';
import { until } from '../until.ts';

/** The old client in Firefox reads a candidate that says "no more" as if it were one. It harms nothing. */
export const oldFirefoxProblem = /\w\[2\] is undefined/;

/** What the old page keeps of what its client told it. */
interface OldPage {
  readonly told: readonly string[];
  readonly messages: readonly { readonly type: string; readonly payload: unknown }[];
  readonly direct: readonly { readonly from?: string; readonly type: string; readonly payload: unknown }[];
  readonly files: readonly { readonly name: string; readonly size: number; readonly digest: string }[];
  readonly joined: unknown;
  readonly videos: readonly string[];
  /** Those of others, with how far each has played. */
  readonly screens: readonly { readonly id: string; readonly seconds: number }[];
  readonly nicks: readonly (string | null)[];
}

/** Where an old page is and what it is told. */
export interface OldPageWishes {
  /** `https://host:port/NAME`, of a page server. */
  readonly page: string;
  /** Its server, as the page's author wrote it. */
  readonly url: string;
  readonly room: string;
  readonly nick: string;
  readonly options?: object;
}

/** Opens an old page, which goes into its room by itself. */
export async function openOldPage(guest: Guest, wishes: OldPageWishes): Promise<void> {
  const { page, options = {}, ...rest } = wishes;
  const query = new URLSearchParams({ ...rest, options: JSON.stringify(options) });
  await guest.open(`${page}?${query.toString()}`);
  await waitForOld(guest, 'to be in the room', ({ joined }) => typeof joined === 'number');
}

/** Waits until what the page has heard makes this true. */
export async function waitForOld(
  guest: Guest,
  what: string,
  holds: (page: OldPage) => boolean | Promise<boolean>,
  deadlineMs?: number,
): Promise<void> {
  await until(
    `${guest.label} ${what}`,
    async () => {
      const page = await readOldPage(guest);
      return (await holds(page)) ? { found: true, value: null } : { found: false, seen: page };
    },
    deadlineMs,
  );
}

/**
 * Waits until the page plays the pictures of so many others, with media that arrives. Asked of the elements and their
 * tracks: old clients put a question of their own in place of the browser's statistics.
 */
export async function expectOldPagePlays(guest: Guest, others: number, deadlineMs?: number): Promise<void> {
  const start = new Map<string, number>();
  await until(
    `${guest.label} to see and hear ${others}`,
    async () => {
      const videos = await sampleRemoteVideos(guest);
      for (const { id, seconds } of videos) if (!start.has(id)) start.set(id, seconds);
      const playing = videos.filter(
        ({ id, seconds, width, arriving }) =>
          width > 0 &&
          seconds > (start.get(id) ?? seconds) &&
          arriving.includes('audio') &&
          arriving.includes('video'),
      );
      const found = playing.length === others && videos.length === others;
      return found ? { found, value: null } : { found, seen: videos };
    },
    deadlineMs,
  );
}

function sampleRemoteVideos(guest: Guest) {
  return guest.evaluate(() => {
    const videos = document.querySelectorAll<HTMLVideoElement>('#remotesVideos video:not(#localScreen)');
    return [...videos].map((video) => {
      const tracks = video.srcObject instanceof MediaStream ? video.srcObject.getTracks() : [];
      const arriving = tracks.filter(({ muted, readyState }) => !muted && readyState === 'live');
      return {
        id: video.id,
        width: video.videoWidth,
        seconds: video.paused ? 0 : video.currentTime,
        arriving: arriving.map(({ kind }) => kind),
      };
    });
  }, null);
}

/** Has the page call a method of its client. */
export function call(guest: Guest, method: string, ...parameters: readonly unknown[]): Promise<void> {
  return guest.evaluate(
    ({ name, values }) => {
      const { webrtc } = (window as unknown as { oldPage: { webrtc: Record<string, unknown> } }).oldPage;
      const found = webrtc[name];
      if (typeof found !== 'function') throw new Error(`no method ${name}`);
      Reflect.apply(found, webrtc, values);
    },
    { name: method, values: [...parameters] },
  );
}

/**
 * Has the page send a file to everybody else in the room.
 *
 * @returns what who receives it must have: its name, its size in octets, and the SHA-256 of its octets.
 */
function sendFile(guest: Guest, name: string, size: number): Promise<OldPage['files'][number]> {
  return guest.evaluate(
    async (file) => {
      interface Old {
        getPeers(): { sendFile(file: File): void }[];
      }
      const octets = Uint8Array.from({ length: file.size }, (_, index) => (index * 31 + (index >> 8)) % 256);
      const { webrtc } = (window as unknown as { oldPage: { webrtc: Old } }).oldPage;
      for (const peer of webrtc.getPeers()) peer.sendFile(new File([octets], file.name));
      const digest = await crypto.subtle.digest('SHA-256', octets);
      return { ...file, digest: [...new Uint8Array(digest)].join() };
    },
    { name, size },
  );
}

/** Has one page send a file, and waits until the other has it whole. */
export async function expectFileArrives(from: Guest, to: Guest): Promise<void> {
  const sent = await sendFile(from, `of ${from.label}.bin`, 300_001);
  const isIt = ({ name, size, digest }: OldPage['files'][number]) =>
    name === sent.name && size === sent.size && digest === sent.digest;
  await waitForOld(to, `to have the file of ${from.label}`, ({ files }) => files.some(isIt), 60_000);
}

/** What the page has heard and shows by now. */
export function readOldPage(guest: Guest): Promise<OldPage> {
  return guest.evaluate((): OldPage => {
    interface Kept extends Omit<OldPage, 'videos' | 'screens' | 'nicks'> {
      readonly webrtc: { getPeers(): { nick?: string }[] };
    }
    const kept = (window as unknown as { oldPage: Kept }).oldPage;
    const { told, messages, direct, files, joined, webrtc } = kept;
    const elements = [...document.querySelectorAll<HTMLVideoElement>('#remotesVideos video')];
    const videos = elements.map(({ id }) => id);
    const screens = elements
      .filter(({ id }) => id.includes('_screen_'))
      .map(({ id, videoWidth, currentTime }) => ({ id, seconds: videoWidth > 0 ? currentTime : 0 }));
    const nicks = webrtc.getPeers().map(({ nick }) => nick ?? null);
    return { told, messages, direct, files, joined, videos, screens, nicks };
  }, null);
}
