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

  async function lookAgain(left: number): Promise<void> {
    const report = new Map<string, PathStats>();
    (await connection.getStats()).forEach((entry: PathStats) => report.set(entry.id, entry));
    if (stopped) return;
    const path = readMediaPath(report);
    if (path !== null) onPath(path);
    clearTimeout(timer);
    if (left > 1) timer = setTimeout(() => void lookAgain(left - 1), intervalMs);
  }

  return {
    look: () => void lookAgain(looks),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
