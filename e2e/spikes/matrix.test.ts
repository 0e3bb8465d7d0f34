import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBrowserVersions } from '../browser/browser-versions.ts';
import { listAllCells, nameCell, type Cell } from '../matrix/cells.ts';
import { createMatrixRunner, type MatrixRunner } from '../matrix/matrix-runner.ts';
import { rewritePart } from './rewrite-part.ts';

const FAILED = '**failed**';
const cells = listAllCells();
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
/** What is known of this commit's cells, by their names: a run that was broken off, or of some cells, is no loss. */
const notes = join(import.meta.dirname, `../../artifacts/reach/${commit}.json`);
const results = new Map<string, string>();
await mkdir(dirname(notes), { recursive: true });
const known = await readFile(notes, 'utf8').catch(() => '{}');
for (const [name, text] of Object.entries(JSON.parse(known) as Record<string, string>))
  results.set(name, text);
const untried = cells.filter((cell) => (results.get(nameCell(cell)) ?? FAILED) === FAILED);
/** Those of which nothing good is known yet; all once more where there are none. */
const toTry = untried.length > 0 ? untried : cells;
let runner: MatrixRunner;

beforeAll(async () => {
  runner = await createMatrixRunner();
});

afterAll(async () => {
  await runner.close();
  // A part that was asked for by name is no table, unless one is wanted of what is known.
  const isComplete = cells.every((cell) => results.has(nameCell(cell)));
  if (isComplete || process.env['MATRIX_TABLE'] === 'partial') await writeTable();
});

async function note(cell: Cell, text: string): Promise<void> {
  results.set(nameCell(cell), text);
  await writeFile(notes, JSON.stringify(Object.fromEntries(results), null, 1));
}

/** All of the matrix, and its table in the documentation. */
describe('the reach matrix', () => {
  test.for(sortByServer(toTry).map((cell) => [nameCell(cell), cell] as const))('%s', async ([, cell]) => {
    await note(cell, FAILED);
    const { mediaMs, ways } = await runner.run(cell);
    expect(ways).not.toContain('unknown');
    await note(cell, `${ways.join(' · ')}, ${(mediaMs / 1000).toFixed(1)} s`);
  });
});

function sortByServer(all: readonly Cell[]): Cell[] {
  const rank = ({ scene, belief }: Cell) => `${scene.server} ${belief} ${scene.what}`;
  return all.toSorted((one, other) => rank(one).localeCompare(rank(other)));
}

async function writeTable(): Promise<void> {
  const versions = await readBrowserVersions();
  const tried = cells.filter((cell) => results.has(nameCell(cell)));
  const passed = tried.filter((cell) => results.get(nameCell(cell)) !== FAILED).length;
  const rest =
    tried.length === cells.length ? '' : ` ${cells.length - tried.length} cells (–) were not tried.`;
  const columns = ['open', 'udp-blocked', 'one-port'] as const;
  const rows = new Map<string, Map<string, string>>();
  for (const cell of cells) {
    const { scene, belief, hostForm, browsers, firewall } = cell;
    const browser = browsers[1] === 'firefox' ? 'Chromium, Firefox' : 'Chromium';
    const key = [scene.what, browser, belief, hostForm].join(' | ');
    const row = rows.get(key) ?? new Map<string, string>();
    row.set(firewall, results.get(nameCell(cell)) ?? '–');
    rows.set(key, row);
  }
  const lines = [
    `On ${new Date().toISOString().slice(0, 10)} at commit ${commit}, with ${versions.chromium} and ${versions.firefox}: ${passed} of ${tried.length} cells connect as they should.${rest}`,
    '',
    '| who and where | browsers | public address | server by | everything open | UDP blocked | TCP 443 only |',
    '|---|---|---|---|---|---|---|',
    ...[...rows].map(
      ([key, row]) => `| ${key} | ${columns.map((name) => row.get(name) ?? '').join(' | ')} |`,
    ),
  ];
  await rewritePart('reach.md', 'matrix', lines.join('\n'));
}
