import type { Guest } from '../browser/guest.ts';

/** What became of the pictures of others while a page was watched. */
export interface FrameReport {
  /** How long the watch has lasted. */
  readonly watchedMs: number;
  readonly framesDecoded: number;
  /** The longest time in which no frame was decoded. */
  readonly longestGapMs: number;
  /** For how long none has been until now. */
  readonly stillMs: number;
}

interface FrameWatch {
  readonly startedAtMs: number;
  readonly framesAtStart: number;
  frames: number;
  movedAtMs: number;
  longestGapMs: number;
  readonly stop: () => void;
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
  const count = async (): Promise<number> => {
    let frames = 0;
    for (const connection of window.callboxProbe.connections) {
      if (connection.signalingState === 'closed') continue;
      (await connection.getStats()).forEach((stats: { type: string; framesDecoded?: number }) => {
        if (stats.type === 'inbound-rtp') frames += stats.framesDecoded ?? 0;
      });
    }
    return frames;
  };
  window.callboxFrames?.stop();
  const frames = await count();
  const now = performance.now();
  const timer = setInterval(() => void look(), 50);
  const watch: FrameWatch = {
    startedAtMs: now,
    framesAtStart: frames,
    frames,
    movedAtMs: now,
    longestGapMs: 0,
    stop: () => clearInterval(timer),
  };
  window.callboxFrames = watch;

  async function look(): Promise<void> {
    const seen = await count();
    const atMs = performance.now();
    watch.longestGapMs = Math.max(watch.longestGapMs, atMs - watch.movedAtMs);
    // Fewer, too, is another number: a new connection counts from nothing.
    if (seen === watch.frames) return;
    watch.frames = seen;
    watch.movedAtMs = atMs;
  }
}

/** What was seen since `watchFrames`. */
export function readFrames(guest: Guest): Promise<FrameReport> {
  return guest.evaluate(readInPage, null);
}

function readInPage(): FrameReport {
  const watch = window.callboxFrames;
  if (watch === undefined) throw new Error('nobody watches the frames of this page');
  const now = performance.now();
  return {
    watchedMs: now - watch.startedAtMs,
    framesDecoded: watch.frames - watch.framesAtStart,
    longestGapMs: Math.max(watch.longestGapMs, now - watch.movedAtMs),
    stillMs: now - watch.movedAtMs,
  };
}
