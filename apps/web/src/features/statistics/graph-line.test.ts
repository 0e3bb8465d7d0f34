import { describe, expect, it } from 'vitest';
import { drawLine, graphSpanMs, roundScale } from './graph-line.ts';

describe('the scale of a graph', () => {
  it.each([
    [0, 1, 1],
    [0.03, 0.05, 0.05],
    [0.07, 0.05, 0.1],
    [30, 10, 50],
    [1_740_000, 100_000, 2_000_000],
    [1_000, 1, 1_000],
    [1_001, 1, 2_000],
  ])('for values up to %d and at least %d ends at %d', (highest, least, top) => {
    expect(roundScale(highest, least)).toBeCloseTo(top);
  });
});

describe('the line of a graph', () => {
  it('ends at the right with now, and stands the higher the larger the value', () => {
    const line = [
      { atMs: graphSpanMs / 2, value: 0 },
      { atMs: graphSpanMs, value: 10 },
    ];
    expect(drawLine(line, graphSpanMs, 10)).toBe('M120.0 48.0L240.0 0.0');
  });

  it('is broken where nothing was known, and begins where the graph does', () => {
    const line = [
      { atMs: 0, value: 5 },
      { atMs: 60_000, value: 5 },
      { atMs: 90_000, value: null },
      { atMs: 120_000, value: 5 },
      { atMs: 150_000, value: 5 },
    ];
    expect(drawLine(line, 180_000, 10)).toBe('M0.0 24.0M120.0 24.0L180.0 24.0');
  });

  it('does not leave its box', () => {
    expect(drawLine([{ atMs: 0, value: 99 }], 0, 10)).toBe('M240.0 0.0');
    expect(drawLine([{ atMs: 0, value: -1 }], 0, 10)).toBe('M240.0 48.0');
  });
});
