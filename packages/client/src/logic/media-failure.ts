import type { MediaFailure } from '../local-media-types.ts';

/** Names why `getUserMedia` failed (W3C Media Capture §10.2). */
export function explainMediaError(error: unknown): MediaFailure {
  switch (error instanceof Error || error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'not-found';
    // Chromium and Firefox on Windows give either for a camera that another program holds.
    case 'NotReadableError':
    case 'AbortError':
      return 'in-use';
    default:
      return 'failed';
  }
}

export type Permission = 'granted' | 'prompt' | 'denied' | 'unknown';

/**
 * Whether a device is worth asking for alone after both together were refused. A person who has just closed the prompt
 * is not asked again: only where no prompt would come, or where the other device alone was the reason.
 */
export function isWorthAskingAlone(failure: MediaFailure, own: Permission, other: Permission): boolean {
  if (failure !== 'denied') return true;
  return own === 'granted' || own === 'unknown' || (own === 'prompt' && other === 'denied');
}
