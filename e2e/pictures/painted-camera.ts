import { join } from 'node:path';
import { build } from 'vite';
import type * as Painter from '../../apps/web/src/testing/paint-person.ts';

const painter = join(import.meta.dirname, '../../apps/web/src/testing/paint-person.ts');

/** The size of the picture of a painted camera. */
const size = { width: 640, height: 360 } as const;

declare global {
  /** The painter as the script brings it into the page. */
  var callboxPainter: typeof Painter;
}

/** Builds the script that puts a painted person before the camera of a page: the `look`th of those there are. */
export async function buildPaintedCamera(look: number): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    build: { write: false, lib: { entry: painter, formats: ['iife'], name: 'callboxPainter' } },
  });
  const [bundle] = [result].flat();
  if (bundle === undefined || !('output' in bundle)) throw new Error('the painter was not built');
  const code = bundle.output.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('');
  return `${code}\nglobalThis.callboxPainter = callboxPainter;\n(${paintInPlaceOfCamera.toString()})(${look}, ${size.width}, ${size.height});`;
}

/** Runs in the page: whoever asks for the camera, and gets it, gets the painted person in its place. */
function paintInPlaceOfCamera(look: number, width: number, height: number): void {
  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await ask(constraints);
    const person = globalThis.callboxPainter.looks[look];
    for (const track of stream.getVideoTracks()) {
      if (person === undefined) continue;
      track.stop();
      stream.removeTrack(track);
      stream.addTrack(globalThis.callboxPainter.createPersonTrack(person, width, height, look === 1));
    }
    return stream;
  };
}
