import { describe, expect, it } from 'vitest';
import { arrangeStage, pageCapacity, type StageOptions } from './arrange-stage.ts';
import { fitPicture } from './fit-picture.ts';
import { corners, cornerRect, nearestCorner, nextCorner } from './corner.ts';

const desktop = { width: 1416, height: 756 };
const phone = { width: 378, height: 690 };

const stage = (change: Partial<StageOptions>) =>
  arrangeStage({
    box: desktop,
    others: 1,
    spotlight: 0,
    page: 0,
    selfHidden: false,
    selfCorner: 'bottom-right',
    selfRatio: 16 / 9,
    ...change,
  });

describe('arrangeStage', () => {
  it('shows who is alone beside the invitation on a desktop, and above it on a phone', () => {
    const wide = stage({ others: 0 });
    expect(wide.self?.y).toBe(wide.invitation?.y);
    const narrow = stage({ others: 0, box: phone });
    expect(narrow.self?.width).toBe(phone.width);
    expect(narrow.invitation?.y).toBeGreaterThan((narrow.self?.y ?? 0) + (narrow.self?.height ?? 0));
  });

  it('gives one other person the whole stage, with oneself in a corner', () => {
    for (const box of [desktop, phone]) {
      const { others, selfFloats, self } = stage({ box });
      expect(others[0]).toEqual({ x: 0, y: 0, width: box.width, height: box.height });
      expect(selfFloats).toBe(true);
      expect((self?.x ?? 0) + (self?.width ?? 0)).toBeLessThan(box.width);
    }
  });

  it('takes oneself into the grid from two others on a desktop and from three on a phone', () => {
    expect(stage({ others: 2 }).selfFloats).toBe(false);
    expect(stage({ others: 2, box: phone }).selfFloats).toBe(true);
    expect(stage({ others: 3, box: phone }).selfFloats).toBe(false);
  });

  it('puts oneself first in the grid', () => {
    const { self, others } = stage({ others: 3 });
    expect([self?.x, self?.y]).toEqual([others[2]?.x === self?.x ? self?.x : others[1]?.x, others[0]?.y]);
    expect(self?.x).toBeLessThan(others[0]?.x ?? 0);
  });

  it('leaves no trace of a hidden self view', () => {
    expect(stage({ selfHidden: true })).toMatchObject({ self: null, selfFloats: false });
    const { self, others } = stage({ selfHidden: true, others: 4 });
    expect(self).toBeNull();
    expect(others).toHaveLength(4);
    expect(stage({ selfHidden: true, others: 0 }).invitation).not.toBeNull();
  });
});

describe('pages', () => {
  it.each([
    ['a large desktop', { width: 1896, height: 936 }, 25],
    ['a desktop', desktop, 25],
    ['a window beside the chat', { width: 1056, height: 756 }, 25],
    ['a tablet', { width: 820, height: 1040 }, 24],
    ['a phone', phone, 8],
    ['a phone held sideways', { width: 820, height: 260 }, 8],
    ['the smallest phone', { width: 308, height: 420 }, 4],
    ['a sliver', { width: 100, height: 60 }, 1],
  ])('of %s hold as many faces as can be read', (_, box, most) => {
    expect(pageCapacity(box, most)).toBe(most);
  });

  it('keep a line free for what turns them, and only where there are several', () => {
    for (const box of [desktop, phone]) {
      for (const selfHidden of [false, true]) {
        const turned = stage({ box, others: 40, selfHidden });
        const tiles = [...turned.others, ...(turned.self === null ? [] : [turned.self])];
        for (const { y, height } of tiles) expect(y + height).toBeLessThanOrEqual(box.height - 52);
      }
    }
    const [whole] = stage({ box: phone, others: 1 }).others;
    expect(whole?.height).toBe(phone.height);
  });

  it('show everybody once, and no more on one than it holds', () => {
    for (const selfHidden of [false, true]) {
      for (const spotlight of [0, 1, 2]) {
        for (const box of [desktop, phone]) {
          for (let others = 1; others <= 25; others += 1) {
            const shown = new Set<number>();
            const { pages } = stage({ box, others, selfHidden, spotlight });
            for (let page = 0; page < pages; page += 1) {
              const here = stage({ box, others, selfHidden, spotlight, page });
              expect(here.page).toBe(page);
              expect(here.others.length).toBeGreaterThan(0);
              expect(here.spotlight).toHaveLength(spotlight);
              for (const index of here.others.keys()) shown.add(here.first + index);
            }
            expect(shown.size).toBe(others);
          }
        }
      }
    }
  });

  it('keep oneself in the corner of each, and turn back when people have left', () => {
    const second = stage({ box: phone, others: 15, page: 1 });
    expect(second).toMatchObject({ page: 1, pages: 2, first: 8, selfFloats: true });
    expect(second.others).toHaveLength(7);
    expect(stage({ box: phone, others: 6, page: 1 })).toMatchObject({ page: 0, pages: 1, selfFloats: false });
  });
});

describe('a spotlight', () => {
  it('takes the stage, with the others and oneself in a strip', () => {
    const { spotlight, self, selfFloats, others } = stage({ spotlight: 1, others: 3 });
    const [large] = spotlight;
    expect(large?.width).toBeGreaterThan(1100);
    expect(large?.height).toBe(desktop.height);
    expect(selfFloats).toBe(false);
    expect(others).toHaveLength(3);
    expect(self?.y).toBeLessThan(others[0]?.y ?? 0);
  });

  it('has the whole stage when nobody else is left for a strip', () => {
    const { spotlight, selfFloats } = stage({ spotlight: 1, others: 0 });
    expect(spotlight[0]).toMatchObject({ x: 0, y: 0, width: desktop.width, height: desktop.height });
    expect(selfFloats).toBe(true);
    expect(stage({ spotlight: 1, others: 0, selfHidden: true }).self).toBeNull();
  });

  it('shows two screens side by side on a desktop, and one above the other on a phone', () => {
    const [left, right] = stage({ spotlight: 2, others: 2 }).spotlight;
    expect(left?.y).toBe(right?.y);
    const [above, below] = stage({ spotlight: 2, others: 2, box: phone }).spotlight;
    expect(above?.x).toBe(below?.x);
    expect(below?.y).toBeGreaterThan(above?.y ?? 0);
  });
});

describe('the corner of the self view', () => {
  it.each(corners)('is found again from a tile that lies in the %s', (corner) => {
    for (const box of [desktop, phone]) {
      const { x, y, width, height } = cornerRect(box, corner, 16 / 9);
      expect(x).toBeGreaterThan(0);
      expect(y + height).toBeLessThan(box.height);
      expect(nearestCorner(box, { x: x + width / 2, y: y + height / 2 })).toBe(corner);
    }
  });

  it('goes round through all four', () => {
    const seen = new Set<string>();
    let corner = nextCorner('top-left');
    for (let step = 0; step < 4; step += 1) {
      seen.add(corner);
      corner = nextCorner(corner);
    }
    expect([...seen].sort()).toEqual([...corners].sort());
  });

  it('keeps the shape of an upright picture', () => {
    const { width, height } = cornerRect(phone, 'bottom-right', 3 / 4);
    expect(width / height).toBeCloseTo(3 / 4, 1);
  });
});

describe('fitPicture', () => {
  it.each([
    ['a wide picture in a wide tile', 16 / 9, { width: 640, height: 360 }, 'cover'],
    ['a wide picture in a square tile', 16 / 9, { width: 300, height: 300 }, 'cover'],
    ['a wide picture in a phone that is held upright', 16 / 9, { width: 378, height: 690 }, 'cover'],
    ['an upright picture in a wide tile', 9 / 16, { width: 640, height: 360 }, 'contain'],
    ['an upright picture in an upright tile', 9 / 16, { width: 378, height: 690 }, 'cover'],
    ['a panorama in an upright tile', 4, { width: 378, height: 690 }, 'contain'],
    ['a picture that has not come yet', null, { width: 378, height: 690 }, 'cover'],
  ] as const)('shows %s', (_, ratio, tile, fit) => {
    expect(fitPicture(ratio, tile)).toBe(fit);
  });
});
