import { describe, expect, it } from 'vitest';
import { arrangePair } from './arrange-pair.ts';

const wide = 16 / 9;
const upright = 9 / 16;
const stage = { width: 1_210, height: 600 };

describe('two screens', () => {
  it.each<[string, readonly [number, number], { width: number; height: number }, number[], boolean]>([
    ['of one shape have equal places', [wide, wide], stage, [600, 600], true],
    [
      'of one shape, in a tall stage, above each other',
      [wide, wide],
      { width: 600, height: 810 },
      [400, 400],
      false,
    ],
    ['that are both upright leave the rest empty', [upright, upright], stage, [600, 600], true],
    ['leave to the wide one what the upright one has no use for', [wide, upright], stage, [800, 400], true],
    [
      'never less than the controls of a screen',
      [wide, upright],
      { width: 610, height: 300 },
      [360, 240],
      true,
    ],
    ['nor more than half for those', [wide, upright], { width: 410, height: 200 }, [200, 200], true],
    ['whichever of them came first', [upright, wide], stage, [400, 800], true],
    ['of which one is a square', [wide, 0.75], stage, [750, 450], true],
    ['give no more than can be used', [1.1, upright], stage, [660, 540], true],
    ['of which one is a banner', [6, wide], { width: 900, height: 810 }, [294, 506], false],
  ])('%s', (_, ratios, box, shares, areBeside) => {
    const [one, other] = arrangePair(ratios, box, 10);
    expect(areBeside ? [one.width, other.width] : [one.height, other.height]).toEqual(shares);
    expect(areBeside ? [one.height, other.height] : [one.width, other.width]).toEqual(
      areBeside ? [box.height, box.height] : [box.width, box.width],
    );
  });

  it('never overlap, never leave the stage, and never have less than a third of what they share', () => {
    for (const one of [0.2, 0.5, 1, 1.5, 2.4, 8]) {
      for (const other of [0.2, 0.5, 1, 1.5, 2.4, 8]) {
        for (const width of [300, 777, 1_600]) {
          const height = 640;
          const [first, second] = arrangePair([one, other], { width, height }, 10);
          const areBeside = second.x > 0;
          const [a, b] = areBeside ? [first.width, second.width] : [first.height, second.height];
          expect(a + b + 10).toBe(areBeside ? width : height);
          expect(areBeside ? second.x : second.y).toBe(a + 10);
          expect(Math.min(a, b)).toBeGreaterThanOrEqual(Math.floor((a + b) / 3));
        }
      }
    }
  });

  it('is what it is in a stage without room', () => {
    expect(arrangePair([wide, wide], { width: 0, height: 0 }, 10)[0]).toMatchObject({ width: 0, height: 0 });
  });
});
