import type { LocalMediaSnapshot } from '../local-media-types.ts';
import type { OwnTracks } from '../peer/media-transport.ts';

/** What there is to be sent of the own devices and screen. */
export function readOwnTracks(media: LocalMediaSnapshot): OwnTracks {
  return {
    audio: media.microphoneTrack,
    camera: media.cameraTrack,
    screen: media.screenTrack,
    screenAudio: media.screenAudioTrack,
    originalSound: media.originalSound,
  };
}
