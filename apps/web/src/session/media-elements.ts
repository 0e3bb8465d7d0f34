import type { LocalMediaSnapshot, RemoteParticipantSnapshot } from '@callbox/client';
import { signal, type ReadonlySignal } from '@preact/signals';

/** A `<video>` that lives outside the component tree, and the shape of what it shows. */
export interface VideoView {
  readonly element: HTMLVideoElement;
  /** Width over height of the picture; null until the first frame is there. */
  readonly ratio: ReadonlySignal<number | null>;
}

/**
 * The elements that play people. They are made once for each person and stay: components only put them somewhere, so that
 * no change of layout lets a picture flicker or a sound stop. Pictures and sound have separate elements, because a tile
 * may be out of sight while its person speaks.
 */
export interface MediaElements {
  readonly self: VideoView;
  /** The camera of another participant. */
  cameraOf(participantId: string): VideoView;
  showSelf(media: LocalMediaSnapshot): void;
  /** Plays these participants, and nobody else. */
  showOthers(participants: readonly RemoteParticipantSnapshot[]): void;
  /** True when the browser holds sound back until the person touches the page. */
  readonly soundBlocked: ReadonlySignal<boolean>;
  /** Starts what was held back. Call it in a click. */
  startSound(): void;
}

function setTrack(element: HTMLMediaElement, track: MediaStreamTrack | null): boolean {
  const current = element.srcObject instanceof MediaStream ? element.srcObject.getTracks()[0] : undefined;
  if (current === (track ?? undefined)) return false;
  element.srcObject = track === null ? null : new MediaStream([track]);
  return track !== null;
}

function createVideoView(document: Document, participantId: string): VideoView {
  const element = document.createElement('video');
  element.playsInline = true;
  element.autoplay = true;
  element.muted = true;
  element.disablePictureInPicture = true;
  element.dataset['source'] = 'camera';
  element.dataset['participantId'] = participantId;
  // The person's tile says who this is.
  element.setAttribute('aria-hidden', 'true');
  const ratio = signal<number | null>(null);
  const measure = () => {
    const { videoWidth, videoHeight } = element;
    ratio.value = videoWidth > 0 && videoHeight > 0 ? videoWidth / videoHeight : null;
  };
  for (const event of ['loadeddata', 'resize', 'emptied']) element.addEventListener(event, measure);
  return { element, ratio };
}

export function createMediaElements(document: Document): MediaElements {
  const self = createVideoView(document, 'self');
  const cameras = new Map<string, VideoView>();
  const sounds = new Map<string, HTMLAudioElement>();
  const soundBlocked = signal(false);
  const soundRoom = document.createElement('div');
  soundRoom.hidden = true;
  document.body.append(soundRoom);

  function cameraOf(participantId: string): VideoView {
    const known = cameras.get(participantId);
    if (known !== undefined) return known;
    const view = createVideoView(document, participantId);
    cameras.set(participantId, view);
    return view;
  }

  function soundOf(participantId: string): HTMLAudioElement {
    const known = sounds.get(participantId);
    if (known !== undefined) return known;
    const element = document.createElement('audio');
    element.autoplay = true;
    element.dataset['source'] = 'microphone';
    element.dataset['participantId'] = participantId;
    soundRoom.append(element);
    sounds.set(participantId, element);
    return element;
  }

  async function playSound(element: HTMLAudioElement): Promise<void> {
    try {
      await element.play();
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotAllowedError') soundBlocked.value = true;
    }
  }

  function drop(participantId: string): void {
    const camera = cameras.get(participantId);
    camera?.element.remove();
    if (camera !== undefined) setTrack(camera.element, null);
    cameras.delete(participantId);
    const sound = sounds.get(participantId);
    sound?.remove();
    if (sound !== undefined) setTrack(sound, null);
    sounds.delete(participantId);
  }

  return {
    self,
    cameraOf,
    showSelf(media) {
      if (setTrack(self.element, media.cameraTrack)) void self.element.play().catch(() => {});
    },
    showOthers(participants) {
      const present = new Set<string>(participants.map(({ id }) => id));
      for (const id of [...cameras.keys(), ...sounds.keys()]) if (!present.has(id)) drop(id);
      if (present.size === 0) soundBlocked.value = false;
      for (const { id, tracks } of participants) {
        const { element } = cameraOf(id);
        // A muted picture may always play; the promise fails when the element is moved in mid-start, and it starts anew.
        if (setTrack(element, tracks.camera)) void element.play().catch(() => {});
        const sound = soundOf(id);
        if (setTrack(sound, tracks.audio)) void playSound(sound);
      }
    },
    soundBlocked,
    startSound() {
      soundBlocked.value = false;
      for (const sound of sounds.values()) if (sound.srcObject !== null) void playSound(sound);
    },
  };
}
