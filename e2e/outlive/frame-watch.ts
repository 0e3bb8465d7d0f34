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
  readonly atStart: FrameCount;
  frames: number;
  movedAtMs: number;
  longestGapMs: number;
  readonly stop: () => void;
}

interface FrameCount {
  readonly frames: number;
  readonly freezes: number;
  readonly frozenMs: number;
}

declare global {
  interface Window {
    callboxFrames?: FrameWatch & { readonly count: () => Promise<FrameCount> };
  }
}

/** Begins to count the frames that the page decodes, over all its connections, and to measure the gaps between them. */
export function watchFrames(guest: Guest): Promise<void> {
  return guest.evaluate(watchInPage, null);
}

async function watchInPage(): Promise<void> {
  type Stats = { type: string; framesDecoded?: number; freezeCount?: number; totalFreezesDuration?: number };
  const count = async (): Promise<FrameCount> => {
    let [frames, freezes, frozenMs] = [0, 0, 0];
    for (const connection of window.callboxProbe.connections) {
      if (connection.signalingState === 'closed') continue;
      (await connection.getStats()).forEach((stats: Stats) => {
        if (stats.type !== 'inbound-rtp') return;
        frames += stats.framesDecoded ?? 0;
        freezes += stats.freezeCount ?? 0;
        frozenMs += 1_000 * (stats.totalFreezesDuration ?? 0);
      });
    }
    return { frames, freezes, frozenMs };
  };
  window.callboxFrames?.stop();
  const atStart = await count();
  const now = performance.now();
  const timer = setInterval(() => void look(), 50);
  const watch = {
    startedAtMs: now,
    atStart,
    frames: atStart.frames,
    movedAtMs: now,
    longestGapMs: 0,
    count,
    stop: () => clearInterval(timer),
  };
  window.callboxFrames = watch;

  async function look(): Promise<void> {
    const { frames } = await count();
    const atMs = performance.now();
    watch.longestGapMs = Math.max(watch.longestGapMs, atMs - watch.movedAtMs);
    // Fewer, too, is another number: a new connection counts from nothing.
    if (frames === watch.frames) return;
    watch.frames = frames;
    watch.movedAtMs = atMs;
  }
}

/** What was seen since `watchFrames`. */
export function readFrames(guest: Guest): Promise<FrameReport> {
  return guest.evaluate(readInPage, null);
}

async function readInPage(): Promise<FrameReport> {
  const watch = window.callboxFrames;
  if (watch === undefined) throw new Error('nobody watches the frames of this page');
  const { freezes, frozenMs } = await watch.count();
  const now = performance.now();
  return {
    watchedMs: now - watch.startedAtMs,
    framesDecoded: watch.frames - watch.atStart.frames,
    longestGapMs: Math.max(watch.longestGapMs, now - watch.movedAtMs),
    freezes: freezes - watch.atStart.freezes,
    frozenMs: frozenMs - watch.atStart.frozenMs,
    stillMs: now - watch.movedAtMs,
  };
}
