import { describe, expect, it } from 'vitest';
import { coveredBy } from './covered-by.ts';

const tile = { x: 100, y: 50, width: 400, height: 300 };

describe('coveredBy', () => {
  it.each([
    ['nothing that floats', null, { left: 0, right: 0 }],
    ['a corner at the lower right', { x: 390, y: 270, width: 100, height: 70 }, { left: 0, right: 110 }],
    ['a corner at the lower left', { x: 110, y: 270, width: 100, height: 70 }, { left: 110, right: 0 }],
    ['one that reaches over the edge', { x: 60, y: 270, width: 100, height: 70 }, { left: 60, right: 0 }],
    ['a corner at the upper left', { x: 110, y: 60, width: 100, height: 70 }, { left: 0, right: 0 }],
    ['one that ends just above the plate', { x: 110, y: 240, width: 100, height: 70 }, { left: 0, right: 0 }],
    ['one beside the tile', { x: 500, y: 270, width: 100, height: 70 }, { left: 0, right: 0 }],
    ['one below the tile', { x: 110, y: 350, width: 100, height: 70 }, { left: 0, right: 0 }],
  ])('leaves room beside %s', (_, floating, covered) => {
    expect(coveredBy(tile, floating)).toEqual(covered);
  });
});
