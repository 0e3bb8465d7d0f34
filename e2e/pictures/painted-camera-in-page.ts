import { createPersonTrack, looks } from '../../apps/web/src/testing/paint-person.ts';

/** Puts a painted person before the camera of this page. What the page asks for and how, stays the browser's affair. */
export function installPaintedCamera(index: number): void {
  const look = looks[index % looks.length];
  // Not there on a page without a secure context, such as the blank one before the first.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined || look === undefined) return;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    for (const camera of stream.getVideoTracks()) {
      stream.removeTrack(camera);
      camera.stop();
      stream.addTrack(createPersonTrack(look, 960, 540, false));
    }
    return stream;
  };
}
