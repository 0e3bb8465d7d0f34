import { readMediaPath, type PathStats } from '../logic/media-path.ts';
import type { MediaPath } from '../room-types.ts';

/** Finds out which way a connection's media takes. */
export interface PathWatch {
  /** Looks now, and a few times more: browsers often begin on one pair of candidates and soon move to a better one. */
  look(): void;
  stop(): void;
}

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
    clearTimeout(timer);
    // A connection that is closed meanwhile may refuse to be asked.
    lookOnce().catch(() => {});
    if (left > 1) timer = setTimeout(() => lookAgain(left - 1), intervalMs);
  }

  return {
    look: () => lookAgain(looks),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
