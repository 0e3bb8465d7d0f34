import { randomFillSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';

const width = 1_280;
const height = 720;
const framesPerSecond = 10;
const frames = 10;
/** Of 255: what a sensor shows in a room at night. More, and no encoder makes of it what a call can carry. */
const amplitude = 24;

/** Writes a second of a grey wall as a sensor sees it in the dark: a picture that wants all the bits it is given. */
export async function writeNoise(path: string): Promise<void> {
  const parts: Uint8Array[] = [
    Buffer.from(`YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420jpeg\n`),
  ];
  for (let frame = 0; frame < frames; frame += 1) {
    const picture = randomFillSync(new Uint8Array((width * height * 3) / 2));
    for (let index = 0; index < picture.length; index += 1)
      picture[index] = 128 + ((picture[index] ?? 0) % amplitude) - amplitude / 2;
    parts.push(Buffer.from('FRAME\n'), picture);
  }
  await writeFile(path, Buffer.concat(parts));
}
