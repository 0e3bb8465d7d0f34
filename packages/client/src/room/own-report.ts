import type { MediaState } from '@callbox/contract';
import type { ClientLog } from '../log.ts';
import { isSameMedia } from '../logic/roster.ts';
import type { RequestLine } from './seat-line.ts';

/** Keeps the room told of what this person is sending. One request at a time; only the latest state counts. */
export interface OwnReport {
  /** The room knows this much, by a join. From now on changes are told. */
  begin(told: MediaState): void;
  tell(media: MediaState): void;
  /** Nobody can be told, until `begin`. */
  pause(): void;
}

const retryMs = 1_000;

export function createOwnReport(line: RequestLine, log: ClientLog): OwnReport {
  let told: MediaState | null = null;
  let wanted: MediaState | null = null;
  let busy = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function report(): void {
    if (busy || told === null || wanted === null || isSameMedia(told, wanted)) return;
    const media = wanted;
    const round = told;
    busy = true;
    line.request('participant-update', { media }, (answer) => {
      busy = false;
      // A new stay began meanwhile: it knows nothing of this one.
      if (told !== round) return report();
      if (answer.ok) {
        told = media;
        return report();
      }
      log('warn', 'the room could not be told what is sent', { code: answer.error.code });
      clearTimeout(timer);
      timer = setTimeout(report, retryMs);
    });
  }

  return {
    begin(known) {
      told = known;
      report();
    },
    tell(media) {
      wanted = media;
      report();
    },
    pause() {
      told = null;
      clearTimeout(timer);
    },
  };
}
