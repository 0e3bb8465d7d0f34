import type { Guest } from '../browser/guest.ts';

/** What of the others' media the page shows and plays now. */
export interface PlaybackSample {
  /** Others' pictures that are on the screen and have a size, with how far each has played. */
  readonly pictures: readonly {
    readonly trackId: string;
    readonly width: number;
    readonly secondsPlayed: number;
  }[];
  /** Others' audio tracks that an element plays, neither muted nor paused. */
  readonly soundTrackIds: readonly string[];
}

/** Samples what of the others' media a person at this page can see and hear. */
export function samplePlayback(guest: Guest): Promise<PlaybackSample> {
  return guest.evaluate(sampleInPage, null);
}

function sampleInPage(): PlaybackSample {
  const received = new Set<string>();
  for (const connection of window.callboxProbe.connections) {
    if (connection.signalingState === 'closed') continue;
    for (const receiver of connection.getReceivers()) received.add(receiver.track.id);
  }
  const pictures: PlaybackSample['pictures'][number][] = [];
  const soundTrackIds: string[] = [];
  for (const element of document.querySelectorAll<HTMLMediaElement>('video, audio')) {
    if (!(element.srcObject instanceof MediaStream) || element.paused) continue;
    for (const track of element.srcObject.getTracks()) {
      if (!received.has(track.id) || track.readyState !== 'live') continue;
      if (track.kind === 'audio') {
        if (!element.muted && element.volume > 0) soundTrackIds.push(track.id);
        continue;
      }
      const box = element.getBoundingClientRect();
      const onScreen = element.checkVisibility() && box.width > 0 && box.height > 0;
      if (element instanceof HTMLVideoElement && element.videoWidth > 0 && onScreen) {
        pictures.push({ trackId: track.id, width: element.videoWidth, secondsPlayed: element.currentTime });
      }
    }
  }
  return { pictures, soundTrackIds };
}
