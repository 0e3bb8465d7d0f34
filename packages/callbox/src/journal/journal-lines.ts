import { crc32 } from 'node:zlib';

/** A line as it stands in the file: a checksum, a space, the text. */
export function encodeLine(text: string): string {
  return `${checksumOf(text)} ${text}\n`;
}

/**
 * Reads the lines of a file. What is wrong at the very end was being written when the process or the machine stopped, and is
 * left out; what is wrong with something right behind it is damage, and then nothing is believed.
 *
 * @returns null for damage.
 */
export function decodeLines(content: string): readonly string[] | null {
  // What stands after the last line break is no line yet.
  const decoded = content.split('\n').slice(0, -1).map(decodeLine);
  const right = decoded.filter((line) => line !== null);
  return decoded.slice(0, right.length).includes(null) ? null : right;
}

function decodeLine(line: string): string | null {
  const text = line.slice(9);
  return line[8] === ' ' && line.slice(0, 8) === checksumOf(text) ? text : null;
}

function checksumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
