import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseCover, listAllCells, nameCell, pairsOf } from './matrix/cells.ts';
import { createMatrixRunner, type MatrixRunner } from './matrix/matrix-runner.ts';
import { isIsolated } from './networks/isolation.ts';

const cover = chooseCover();

test('the cover of the matrix is small, and brings every two circumstances together', () => {
  expect(cover.length).toBeLessThanOrEqual(40);
  expect(new Set(cover.flatMap(pairsOf))).toEqual(new Set(listAllCells().flatMap(pairsOf)));
});

/** A part of the matrix; `npm run matrix --workspace @callbox/e2e` tries all of it and writes docs/reach.md. */
describe.runIf(isIsolated)('pictures and sound move both ways within five seconds', () => {
  let runner: MatrixRunner;
  const seen = new Set<string>();

  beforeAll(async () => {
    runner = await createMatrixRunner();
  });
  afterAll(() => runner.close());

  test.for(cover.map((cell) => [nameCell(cell), cell] as const))('%s', async ([, cell]) => {
    const { ways } = await runner.run(cell);
    expect(ways).not.toContain('unknown');
    for (const way of ways) seen.add(way);
  });

  test('of these calls some went directly, and some over each of UDP and TCP to the relay', () => {
    expect([...seen]).toEqual(expect.arrayContaining(['direct', 'udp', 'tcp']));
  });
});
