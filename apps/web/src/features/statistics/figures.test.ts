import { describe, expect, it } from 'vitest';
import { createFigures } from './figures.ts';

const figures = createFigures('en');
/** A figure and its unit stay together. */
const kept = (text: string) => text.replaceAll(' ', '\u00A0');

describe('figures', () => {
  it.each([
    [0, '0 kb/s'],
    [850_400, '850 kb/s'],
    [999_499, '999 kb/s'],
    [999_500, '1 Mb/s'],
    [1_740_000, '1.7 Mb/s'],
    [null, '–'],
  ])('writes a rate of %s bits per second as "%s"', (bits, text) => {
    expect(figures.rate(bits)).toBe(kept(text));
  });

  it.each([
    [0, '0 kB'],
    [12_345, '12 kB'],
    [12_345_678, '12.3 MB'],
    [2_345_678_901, '2.35 GB'],
  ])('writes %i octets as "%s"', (bytes, text) => {
    expect(figures.data(bytes)).toBe(kept(text));
  });

  it('writes delays, shares, frames and sizes, and a dash for what is not known', () => {
    expect([figures.delay(42.4), figures.share(0.0345), figures.frames(29.7)]).toEqual([
      kept('42 ms'),
      '3.5%',
      '30',
    ]);
    expect(figures.size({ width: 640, height: 360 })).toBe(kept('640 × 360'));
    expect([figures.delay(null), figures.share(null), figures.frames(null), figures.size(null)]).toEqual([
      '–',
      '–',
      '–',
      '–',
    ]);
  });

  it('writes units as the language does', () => {
    expect(createFigures('zh-CN').delay(42)).toBe('42毫秒');
  });
});
