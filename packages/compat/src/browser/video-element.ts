import type { LocalVideoOptions } from './options.ts';

/** Puts a stream into an element, or into a new `video`. */
export function showStream(
  stream: MediaStream,
  element: HTMLMediaElement = document.createElement('video'),
  { autoplay = true, mirror = false, muted = false }: LocalVideoOptions = {},
): HTMLMediaElement {
  element.autoplay = autoplay;
  element.muted = muted;
  element.setAttribute('playsinline', '');
  if (mirror) element.style.transform = 'scaleX(-1)';
  element.addEventListener('contextmenu', (event) => event.preventDefault());
  element.srcObject = stream;
  return element;
}

/** Makes a stream hold these tracks and no others: elements that show it follow. */
export function holdTracks(stream: MediaStream, tracks: readonly MediaStreamTrack[]): void {
  for (const track of stream.getTracks()) if (!tracks.includes(track)) stream.removeTrack(track);
  for (const track of tracks) if (!stream.getTracks().includes(track)) stream.addTrack(track);
}

/** The video that an element is, or holds; made where it holds none. */
export function findVideo(element: HTMLElement): HTMLMediaElement {
  if (element instanceof HTMLMediaElement) return element;
  const known = element.querySelector('video');
  if (known !== null) return known;
  const video = document.createElement('video');
  element.append(video);
  return video;
}
