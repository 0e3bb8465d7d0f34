import { describe, expect, it } from 'vitest';
import { arrangeStrip } from './arrange-strip.ts';

const desktop = { width: 1416, height: 756 };
const phone = { width: 378, height: 690 };

describe('a strip', () => {
  it('stands at the side of a wide box and at the bottom of any other', () => {
    const wide = arrangeStrip(3, desktop, 10);
    expect(wide.main).toEqual({ x: 0, y: 0, width: 1416 - 244 - 10, height: 756 });
    expect(new Set(wide.places.map(({ x }) => x))).toEqual(new Set([1416 - 244]));
    const upright = arrangeStrip(2, phone, 6);
    expect(upright.main).toEqual({ x: 0, y: 0, width: 378, height: 690 - 97 - 6 });
    expect(new Set(upright.places.map(({ y }) => y))).toEqual(new Set([690 - 97]));
  });

  it.each([
    ['a desktop', desktop, 10, 5],
    ['a phone', phone, 6, 4],
    ['a phone held sideways', { width: 760, height: 270 }, 6, 3],
    ['a small window', { width: 308, height: 200 }, 6, 2],
  ])('has no more places than %s has room for, all inside and apart', (_, box, gap, most) => {
    const { main, places } = arrangeStrip(25, box, gap);
    expect(places).toHaveLength(most);
    const all = [main, ...places];
    for (const [index, tile] of all.entries()) {
      expect(tile.width).toBeGreaterThan(0);
      expect(tile.x).toBeGreaterThanOrEqual(0);
      expect(tile.y).toBeGreaterThanOrEqual(0);
      expect(tile.x + tile.width).toBeLessThanOrEqual(box.width);
      expect(tile.y + tile.height).toBeLessThanOrEqual(box.height);
      for (const other of all.slice(index + 1)) {
        const apart =
          tile.x + tile.width <= other.x ||
          other.x + other.width <= tile.x ||
          tile.y + tile.height <= other.y ||
          other.y + other.height <= tile.y;
        expect(apart).toBe(true);
      }
    }
  });

  it('leaves all to the large ones when nobody stands in it', () => {
    expect(arrangeStrip(0, desktop, 10)).toEqual({ main: { x: 0, y: 0, ...desktop }, places: [] });
    expect(arrangeStrip(4, { width: 0, height: 0 }, 10).places).toEqual([]);
  });
});
