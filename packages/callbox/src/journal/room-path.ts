import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** How the file of a room ends. */
export const ending = '.journal';
/** The end of the name while a file is made that replaces another. */
export const unfinished = '.new';

/** A room's name may be any text, and is nobody's business who looks at a list of files. */
export function pathOf(directory: string, room: string): string {
  return join(directory, `${createHash('sha256').update(room).digest('hex').slice(0, 40)}${ending}`);
}
