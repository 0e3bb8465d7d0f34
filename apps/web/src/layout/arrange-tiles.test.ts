import { describe, expect, it } from 'vitest';
import { arrangeTiles, type Box, type Rect } from './arrange-tiles.ts';

const desktop: Box = { width: 1416, height: 756 };
const options = { gap: 10, minRatio: 4 / 3, maxRatio: 16 / 9 };

const boxes: readonly Box[] = [
  desktop,
  { width: 1056, height: 756 },
  { width: 1896, height: 936 },
  { width: 378, height: 690 },
  { width: 308, height: 420 },
  { width: 820, height: 1040 },
  { width: 700, height: 240 },
];

const overlaps = (a: Rect, b: Rect) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** How many tiles stand in each row, from the top. */
function rowsOf(tiles: readonly Rect[]): readonly number[] {
  const rows = new Map<number, number>();
  for (const { y } of tiles) rows.set(y, (rows.get(y) ?? 0) + 1);
  return [...rows.entries()].sort(([a], [b]) => a - b).map(([, count]) => count);
}

describe('arrangeTiles', () => {
  it.each([
    [1, [1]],
    [2, [2]],
    [3, [2, 1]],
    [4, [2, 2]],
    [5, [3, 2]],
    [6, [3, 3]],
    [7, [3, 3, 1]],
    [8, [3, 3, 2]],
    [9, [3, 3, 3]],
    [12, [4, 4, 4]],
    [16, [4, 4, 4, 4]],
    [20, [5, 5, 5, 5]],
    [25, [5, 5, 5, 5, 5]],
  ])('puts %i people on a desktop into rows of %j', (count, rows) => {
    expect(rowsOf(arrangeTiles(count, desktop, options))).toEqual(rows);
  });

  it.each([
    [1, [1]],
    [2, [1, 1]],
    [3, [1, 1, 1]],
    [4, [2, 2]],
    [6, [2, 2, 2]],
    [8, [2, 2, 2, 2]],
  ])('puts %i people on a phone into rows of %j', (count, rows) => {
    const phone = { width: 378, height: 690 };
    expect(rowsOf(arrangeTiles(count, phone, { gap: 6, minRatio: 0.6, maxRatio: 16 / 9 }))).toEqual(rows);
  });

  it('keeps 1 to 25 tiles inside any box, apart from each other, all of one size and of an allowed shape', () => {
    for (const box of boxes) {
      for (let count = 1; count <= 25; count += 1) {
        const tiles = arrangeTiles(count, box, options);
        expect(tiles).toHaveLength(count);
        const [first] = tiles;
        for (const [index, tile] of tiles.entries()) {
          expect(tile.x).toBeGreaterThanOrEqual(0);
          expect(tile.y).toBeGreaterThanOrEqual(0);
          expect(tile.x + tile.width).toBeLessThanOrEqual(box.width + 1);
          expect(tile.y + tile.height).toBeLessThanOrEqual(box.height + 1);
          expect([tile.width, tile.height]).toEqual([first?.width, first?.height]);
          // Whole pixels cost a little of the shape.
          expect(tile.width / tile.height).toBeGreaterThan(options.minRatio * 0.95);
          expect(tile.width / tile.height).toBeLessThan(options.maxRatio * 1.05);
          for (const other of tiles.slice(index + 1)) expect(overlaps(tile, other)).toBe(false);
        }
      }
    }
  });

  it('centres the last row', () => {
    const [left, right, last] = arrangeTiles(3, desktop, options);
    const middle = ((left?.x ?? 0) + (right?.x ?? 0) + (right?.width ?? 0)) / 2;
    expect(Math.abs((last?.x ?? 0) + (last?.width ?? 0) / 2 - middle)).toBeLessThan(1);
  });

  it('draws nothing for nobody, nor in a box without area', () => {
    expect(arrangeTiles(0, desktop, options)).toEqual([]);
    expect(arrangeTiles(3, { width: 0, height: 500 }, options)).toEqual([]);
  });
});
