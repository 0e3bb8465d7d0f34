import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { renderReport } from './report.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
export const RESULTS = at('./results.json');
export const DOCUMENT = at('../../docs/performance.md');

const BEGIN = '<!-- figures: written by bench/turn/run.mjs --publish -->';
const END = '<!-- end of the figures -->';

/** The document with these figures in place of those it has. */
export async function renderDocument(document, report) {
  const [before, rest] = document.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error('docs/performance.md has lost its marks');
  const markdown = `${before}${BEGIN}\n\n${renderReport(report)}\n\n${END}${after}`;
  return format(markdown, { parser: 'markdown', printWidth: 110, proseWrap: 'preserve' });
}

/** Keeps the results, and writes them into the document. */
export async function publish(report) {
  const document = await renderDocument(readFileSync(DOCUMENT, 'utf8'), report);
  writeFileSync(RESULTS, `${JSON.stringify(report)}\n`);
  writeFileSync(DOCUMENT, document);
}
