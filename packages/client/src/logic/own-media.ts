import type { MediaState } from '@callbox/contract';
import type { LocalMediaSnapshot } from '../local-media-types.ts';

/** What others are told of this person's devices. */
export function describeOwnMedia({ microphone, camera, screen }: LocalMediaSnapshot): MediaState {
  return { audio: microphone.kind === 'on', video: camera.kind === 'on', screen: screen.kind === 'on' };
}
