import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

const documents = join(import.meta.dirname, '../../docs');

/**
 * Puts a text into a document of `docs`, between the two comments that mark a part of it: `<!-- NAME: begin -->` and
 * `<!-- NAME: end -->`.
 */
export async function rewritePart(document: string, name: string, part: string): Promise<void> {
  const file = join(documents, document);
  const text = await readFile(file, 'utf8');
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to === -1) throw new Error(`${document} has no part ${name}`);
  const changed = `${text.slice(0, from + begin.length)}\n\n${part}\n\n${text.slice(to)}`;
  await writeFile(file, await format(changed, { ...(await resolveConfig(file)), filepath: file }));
}
