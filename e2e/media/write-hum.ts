import { writeFile } from 'node:fs/promises';

const samplesPerSecond = 48_000;
const seconds = 2;
/** Somebody who holds a note: the keynote and two overtones. */
const tones = [220, 440, 660];

/** Writes a voice that never takes breath (WAV, 16 bits, one channel). */
export async function writeHum(path: string): Promise<void> {
  const count = samplesPerSecond * seconds;
  const file = Buffer.alloc(44 + count * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(samplesPerSecond, 24);
  file.writeUInt32LE(samplesPerSecond * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(count * 2, 40);
  for (let index = 0; index < count; index += 1) {
    const angle = (2 * Math.PI * index) / samplesPerSecond;
    const sum = tones.reduce((total, tone) => total + Math.sin(angle * tone), 0);
    file.writeInt16LE(Math.round((sum / tones.length) * 16_000), 44 + index * 2);
  }
  await writeFile(path, file);
}
