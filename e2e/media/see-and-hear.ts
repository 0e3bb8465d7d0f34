import type { Guest } from '../browser/guest.ts';
import { until, type Look } from '../until.ts';
import { sampleLinks, type LinkSample } from './link-sample.ts';
import { samplePlayback } from './playback-sample.ts';

/**
 * Asserts that moving pictures and sound arrive over exactly `others` connections: between two samples of each, frames
 * are decoded, octets of both kinds come in, and the sound is not silence.
 *
 * @returns the later samples, for what else a test wants to know of them.
 */
export async function expectMediaArrives(
  guest: Guest,
  others: number,
  deadlineMs?: number,
): Promise<readonly LinkSample[]> {
  const first = new Map<number, LinkSample>();
  return until(
    `${guest.label} to receive picture and sound from ${others}`,
    async (): Promise<Look<LinkSample[]>> => {
      const links = await sampleLinks(guest);
      for (const link of links) {
        if (link.state === 'connected' && !first.has(link.index)) first.set(link.index, link);
      }
      const moving = links.filter((link) => {
        const before = first.get(link.index);
        return before !== undefined && link.state === 'connected' && hasMoved(before, link);
      });
      const found = links.length === others && moving.length === others;
      return found ? { found, value: links } : { found, seen: links };
    },
    deadlineMs,
  );
}

function hasMoved(before: LinkSample, after: LinkSample): boolean {
  return (
    after.framesDecoded > before.framesDecoded &&
    after.videoBytes > before.videoBytes &&
    after.audioBytes > before.audioBytes &&
    after.audioEnergy > before.audioEnergy
  );
}

/** Asserts that the page shows the moving pictures of `others` people and plays the sound of as many. */
export async function expectMediaPlays(guest: Guest, others: number, deadlineMs?: number): Promise<void> {
  const start = new Map<string, number>();
  const look = async (): Promise<Look<null>> => {
    const { pictures, soundTrackIds } = await samplePlayback(guest);
    for (const picture of pictures) {
      if (!start.has(picture.trackId)) start.set(picture.trackId, picture.secondsPlayed);
    }
    const moving = new Set(
      pictures
        .filter((picture) => picture.secondsPlayed > (start.get(picture.trackId) ?? Infinity))
        .map((p) => p.trackId),
    );
    const found = moving.size === others && new Set(soundTrackIds).size === others;
    return found ? { found, value: null } : { found, seen: { pictures, soundTrackIds } };
  };
  await until(`${guest.label} to see and hear ${others} on the page`, look, deadlineMs);
}

/** Asserts that each of these guests sees and hears all the others. */
export async function expectEveryoneSeesAndHears(
  guests: readonly Guest[],
  deadlineMs?: number,
): Promise<void> {
  const others = guests.length - 1;
  await Promise.all(
    guests.map(async (guest) => {
      await expectMediaArrives(guest, others, deadlineMs);
      await expectMediaPlays(guest, others, deadlineMs);
    }),
  );
}
