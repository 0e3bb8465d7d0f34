import { signal, type ReadonlySignal } from '@preact/signals';

/** A `<video>` that lives outside the component tree, and the shape of what it shows. */
export interface VideoView {
  readonly element: HTMLVideoElement;
  /** Width over height of the picture; null until the first frame is there. */
  readonly ratio: ReadonlySignal<number | null>;
}

export type PictureSource = 'camera' | 'screen';

/** Has an element play `track`, or nothing. @returns whether there is something to start. */
export function setTrack(element: HTMLMediaElement, track: MediaStreamTrack | null): boolean {
  const current = element.srcObject instanceof MediaStream ? element.srcObject.getTracks()[0] : undefined;
  if (current === (track ?? undefined)) return false;
  element.srcObject = track === null ? null : new MediaStream([track]);
  return track !== null;
}

/** Makes the `<video>` of one person, for a place in `document`. */
export function createVideoView(document: Document, participantId: string, source: PictureSource): VideoView {
  const element = document.createElement('video');
  element.playsInline = true;
  element.autoplay = true;
  element.muted = true;
  element.disablePictureInPicture = true;
  element.dataset['source'] = source;
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
