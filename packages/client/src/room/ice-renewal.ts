import type { IceGrant } from '@callbox/contract';
import type { ClientLog } from '../log.ts';
import type { RequestLine } from './seat-line.ts';

/**
 * Keeps the credentials of the ICE servers fresh: takes what the server sends, and asks before the old ones end should it
 * send nothing.
 */
export interface IceRenewal {
  begin(grant: IceGrant): void;
  /** Takes what the server has sent by itself. */
  take(grant: IceGrant): void;
  pause(): void;
}

const tryAgainMs = 30_000;
/** Well below what a timer can count. */
const longestWaitMs = 86_400_000;

export function createIceRenewal(
  line: RequestLine,
  onGrant: (grant: IceGrant) => void,
  log: ClientLog,
): IceRenewal {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function renewIn(waitMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(renew, Math.min(waitMs, longestWaitMs));
  }

  function take(grant: IceGrant): void {
    onGrant(grant);
    renewBefore(grant);
  }

  function renewBefore({ lifetimeSeconds }: IceGrant): void {
    renewIn(Math.max(lifetimeSeconds * 750, tryAgainMs));
  }

  function renew(): void {
    const asked = timer;
    line.request('ice-renew', {}, (answer) => {
      // Paused or begun anew since.
      if (timer !== asked) return;
      if (answer.ok) {
        take(answer.value);
      } else {
        log('warn', 'the credentials of the ICE servers were not renewed', { code: answer.error.code });
        renewIn(tryAgainMs);
      }
    });
  }

  return {
    begin: renewBefore,
    take,
    pause() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
