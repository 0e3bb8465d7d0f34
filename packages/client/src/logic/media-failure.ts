import type { MediaFailure, ScreenFailure } from '../local-media-types.ts';

/** Names why `getUserMedia` failed (W3C Media Capture §10.2). */
export function explainMediaError(error: unknown): ScreenFailure {
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

/** Who said no: browsers give one error for all of them, but what they permit tells them apart. */
export function refineDenial(failure: MediaFailure, permission: Permission): MediaFailure {
  if (failure !== 'denied') return failure;
  if (permission === 'granted') return 'denied-by-system';
  return permission === 'prompt' ? 'dismissed' : 'denied';
}

/**
 * Whether a device is worth asking for alone after both together were refused. A person who has just closed the prompt
 * is not asked again: only where no prompt would come, or where the other device alone was the reason.
 */
export function isWorthAskingAlone(failure: MediaFailure, own: Permission, other: Permission): boolean {
  if (failure !== 'denied') return true;
  return own === 'granted' || own === 'unknown' || (own === 'prompt' && other === 'denied');
}
