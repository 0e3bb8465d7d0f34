import { describe, expect, it } from 'vitest';
import { noVoiceLoss, stepVoiceLoss } from './voice-loss.ts';

const after = (shares: readonly (number | null)[], start = noVoiceLoss) =>
  shares.reduce(stepVoiceLoss, start).isHigh;
const times = (count: number, share: number): number[] => Array.from({ length: count }, () => share);
const high = times(2, 0.1).reduce(stepVoiceLoss, noVoiceLoss);

describe('losses of the voice', () => {
  it.each([
    [false, 'one burst', [0.2]],
    [false, 'bursts with a good look between them', [0.2, 0, 0.2]],
    [true, 'two bad looks, also with silence between them', [0.2, null, 0.2]],
    [false, 'as much as nobody hears', times(20, 0.03)],
  ])('are high: %s after %s', (expected, _, shares) => {
    expect(after(shares)).toBe(expected);
  });

  it('are over only after they have been low for long', () => {
    expect(after(times(14, 0), high)).toBe(true);
    expect(after(times(15, 0), high)).toBe(false);
    expect(after([...times(14, 0), 0.02, ...times(14, 0)], high)).toBe(true);
  });
});
