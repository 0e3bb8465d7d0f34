import { expect, test } from 'vitest';
import { CellPool } from './cell-pool.ts';

test('each cell is given out once, and what comes back is given out last', () => {
  const pool = new CellPool(3);
  expect([pool.take(), pool.take()]).toEqual([0, 1]);
  pool.give(0);
  expect([pool.take(), pool.take(), pool.take()]).toEqual([2, 0, undefined]);
  pool.give(1);
  pool.give(2);
  expect([pool.take(), pool.take(), pool.take()]).toEqual([1, 2, undefined]);
});
