import type { Preferences } from './preferences.ts';

/** Whether a person sees their own picture as in a mirror. What a camera at the back of a telephone sees is none. */
export function isMirrored(
  { mirrorSelf }: Pick<Preferences, 'mirrorSelf'>,
  camera: Pick<MediaStreamTrack, 'getSettings'> | null,
): boolean {
  return mirrorSelf && camera?.getSettings().facingMode !== 'environment';
}
