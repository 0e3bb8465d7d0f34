import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { renderReport } from './report.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
export const RESULTS = at('./results.json');
export const DOCUMENT = at('../../docs/performance.md');

const KINDS = ['media', 'setUps', 'memory', 'ends'];
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

/** The rows of this run, and of earlier ones what this run has not measured; each of those says when that was. */
export function mergeReports(earlier, report) {
  const when = ({ machine: { date, loadAverage }, rounds }) => ({ date, loadAverage, rounds });
  const kept = earlier.rows
    .filter(({ title }) => report.rows.every((row) => row.title !== title))
    .map((row) => ({ ...row, measured: row.measured ?? when(earlier) }));
  const titles = earlier.rows.map(({ title }) => title);
  const placeOf = ({ kind, title }) =>
    KINDS.indexOf(kind) * 1000 + (titles.includes(title) ? titles.indexOf(title) : titles.length);
  return { ...report, rows: [...report.rows, ...kept].toSorted((a, b) => placeOf(a) - placeOf(b)) };
}

/** Keeps the results, and writes them into the document. */
export async function publish(measured) {
  const report = mergeReports(JSON.parse(readFileSync(RESULTS, 'utf8')), measured);
  const document = await renderDocument(readFileSync(DOCUMENT, 'utf8'), report);
  writeFileSync(RESULTS, `${JSON.stringify(report)}\n`);
  writeFileSync(DOCUMENT, document);
}
