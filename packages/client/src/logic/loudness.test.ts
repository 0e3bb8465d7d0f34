import { describe, expect, it } from 'vitest';
import { amplitudeOf, loudnessOf } from './loudness.ts';

describe('loudness', () => {
  it('is nothing for silence and for what nobody hears', () => {
    expect(loudnessOf(0)).toBe(0);
    expect(loudnessOf(0.001)).toBe(0);
  });

  it('is full from a fourth of the scale on, and never more', () => {
    expect(loudnessOf(0.2512)).toBeCloseTo(1, 2);
    expect(loudnessOf(1)).toBe(1);
  });

  it('rises in even steps as the sound doubles', () => {
    const steps = [0.005, 0.01, 0.02, 0.04].map(loudnessOf);
    const rises = steps.slice(1).map((level, index) => level - (steps[index] ?? 0));
    for (const rise of rises) expect(rise).toBeCloseTo(rises[0] ?? 0, 6);
    expect(rises[0]).toBeGreaterThan(0.1);
  });

  it('measures samples by their root mean square', () => {
    expect(amplitudeOf(new Float32Array([0.5, -0.5, 0.5, -0.5]))).toBeCloseTo(0.5, 6);
    expect(amplitudeOf(new Float32Array(128))).toBe(0);
  });
});
