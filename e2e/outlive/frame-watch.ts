import type { Guest } from '../browser/guest.ts';

/** What became of the pictures of others while a page was watched. */
export interface FrameReport {
  /** How long the watch has lasted. */
  readonly watchedMs: number;
  readonly framesDecoded: number;
  /** The longest time in which no frame was decoded, as far as the watch has looked. */
  readonly longestGapMs: number;
  /**
   * How often, and for how long in all, pictures stood still by the browser's own count at its decoders: three times longer
   * than usual from one frame to the next, and 150 ms more than usual (W3C WebRTC statistics, `freezeCount`). It does not
   * matter to it how busy the page is.
   */
  readonly freezes: number;
  readonly frozenMs: number;
  /** For how long none has been until now. */
  readonly stillMs: number;
}

interface FrameWatch {
  readonly startedAtMs: number;
  /** What has come since the start. */
  readonly seen: FrameCount;
  movedAtMs: number;
  longestGapMs: number;
  /** Adds up what came since the last look. */
  readonly look: () => Promise<void>;
  readonly stop: () => void;
}

interface FrameCount {
  frames: number;
  freezes: number;
  frozenMs: number;
}

declare global {
  interface Window {
    callboxFrames?: FrameWatch;
  }
}

/** Begins to count the frames that the page decodes, over all its connections, and to measure the gaps between them. */
export function watchFrames(guest: Guest): Promise<void> {
  return guest.evaluate(watchInPage, null);
}

async function watchInPage(): Promise<void> {
  type Stats = {
    id: string;
    type: string;
    framesDecoded?: number;
    freezeCount?: number;
    totalFreezesDuration?: number;
  };
  const counts = new Map<RTCPeerConnection, Map<string, FrameCount>>();
  const seen: FrameCount = { frames: 0, freezes: 0, frozenMs: 0 };

  /** Asks the connections one after the other, and never twice at once: each increment counts one time. */
  const count = async (): Promise<void> => {
    for (const connection of window.callboxProbe.connections) {
      if (connection.signalingState === 'closed') continue;
      const before = counts.get(connection) ?? new Map<string, FrameCount>();
      counts.set(connection, before);
      (await connection.getStats()).forEach((stats: Stats) => {
        if (stats.type !== 'inbound-rtp') return;
        const now: FrameCount = {
          frames: stats.framesDecoded ?? 0,
          freezes: stats.freezeCount ?? 0,
          frozenMs: 1_000 * (stats.totalFreezesDuration ?? 0),
        };
        const last = before.get(stats.id);
        // A stream that the browser made anew, on a connection that stays, counts from nothing.
        const from =
          last === undefined || now.frames < last.frames ? { frames: 0, freezes: 0, frozenMs: 0 } : last;
        seen.frames += now.frames - from.frames;
        seen.freezes += now.freezes - from.freezes;
        seen.frozenMs += now.frozenMs - from.frozenMs;
        before.set(stats.id, now);
      });
    }
  };
  window.callboxFrames?.stop();
  await count();
  Object.assign(seen, { frames: 0, freezes: 0, frozenMs: 0 });
  const startedAtMs = performance.now();
  let looking: Promise<void> | null = null;
  const timer = setInterval(() => void watch.look(), 50);
  const watch: FrameWatch = {
    startedAtMs,
    seen,
    movedAtMs: startedAtMs,
    longestGapMs: 0,
    look: () => (looking ??= lookOnce().finally(() => (looking = null))),
    stop: () => clearInterval(timer),
  };
  window.callboxFrames = watch;

  async function lookOnce(): Promise<void> {
    const before = seen.frames;
    await count();
    const now = performance.now();
    watch.longestGapMs = Math.max(watch.longestGapMs, now - watch.movedAtMs);
    if (seen.frames !== before) watch.movedAtMs = now;
  }
}

/** What was seen since `watchFrames`. */
export function readFrames(guest: Guest): Promise<FrameReport> {
  return guest.evaluate(readInPage, null);
}

async function readInPage(): Promise<FrameReport> {
  const watch = window.callboxFrames;
  if (watch === undefined) throw new Error('nobody watches the frames of this page');
  await watch.look();
  const now = performance.now();
  return {
    watchedMs: now - watch.startedAtMs,
    framesDecoded: watch.seen.frames,
    longestGapMs: Math.max(watch.longestGapMs, now - watch.movedAtMs),
    freezes: watch.seen.freezes,
    frozenMs: watch.seen.frozenMs,
    stillMs: now - watch.movedAtMs,
  };
}
