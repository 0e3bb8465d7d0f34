import type { Guest } from '../browser/guest.ts';

interface Watching {
  readonly begin: number;
  readonly last: { frames: number; atMs: number }[];
  longestMs: number;
  timer: number;
}

declare global {
  interface Window {
    /** What is being watched by `watchStills`. */
    callboxStills?: Watching;
  }
}

/**
 * Begins to watch the pictures of others on a page.
 *
 * @returns what ends it, and gives the longest time, in milliseconds, in which some connection had no new frame decoded.
 */
export async function watchStills(guest: Guest): Promise<() => Promise<number>> {
  await guest.evaluate(beginInPage, null);
  return () => guest.evaluate(endInPage, null);
}

function beginInPage(): void {
  type Stats = Record<string, unknown> & { type: string };
  const connections = window.callboxProbe.connections.filter(
    ({ connectionState }) => connectionState !== 'closed',
  );
  const begin = performance.now();
  const watching: Watching = {
    begin,
    last: connections.map(() => ({ frames: -1, atMs: begin })),
    longestMs: 0,
    timer: 0,
  };
  const look = async (connection: RTCPeerConnection, index: number): Promise<void> => {
    let frames = 0;
    (await connection.getStats()).forEach((stats: Stats) => {
      const decoded = stats['framesDecoded'];
      if (stats.type === 'inbound-rtp' && typeof decoded === 'number') frames += decoded;
    });
    const seen = watching.last[index];
    if (seen === undefined || frames <= seen.frames) return;
    const nowMs = performance.now();
    watching.longestMs = Math.max(watching.longestMs, nowMs - seen.atMs);
    seen.frames = frames;
    seen.atMs = nowMs;
  };
  watching.timer = window.setInterval(() => {
    for (const [index, connection] of connections.entries()) void look(connection, index);
  }, 50);
  window.callboxStills = watching;
}

function endInPage(): number {
  const watching = window.callboxStills;
  if (watching === undefined) throw new Error('nothing is being watched');
  window.clearInterval(watching.timer);
  const end = performance.now();
  return Math.max(watching.longestMs, ...watching.last.map(({ atMs }) => end - atMs));
}
