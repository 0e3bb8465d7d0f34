import { readMediaPath, type PathStats } from '../logic/media-path.ts';
import type { MediaPath } from '../room-types.ts';

/** Finds out which way a connection's media takes. */
export interface PathWatch {
  /** Looks soon, and a few times more: browsers often begin on one pair of candidates and soon move to a better one. */
  look(): void;
  stop(): void;
}

/** Statistics are gathered by the threads that decode the first picture, which somebody waits for. */
const firstLookMs = 500;
const intervalMs = 2_000;
const looks = 6;

export function createPathWatch(connection: RTCPeerConnection, onPath: (path: MediaPath) => void): PathWatch {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  async function lookOnce(): Promise<void> {
    const report = new Map<string, PathStats>();
    (await connection.getStats()).forEach((entry: PathStats) => report.set(entry.id, entry));
    const path = readMediaPath(report);
    if (path !== null && !stopped) onPath(path);
  }

  function lookAgain(left: number): void {
    // A connection that is closed meanwhile may refuse to be asked.
    lookOnce().catch(() => {});
    if (left > 1) timer = setTimeout(() => lookAgain(left - 1), intervalMs);
  }

  return {
    look() {
      clearTimeout(timer);
      timer = setTimeout(() => lookAgain(looks), firstLookMs);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
