import { describe, expect, it } from 'vitest';
import { noDetour, stepDetour, type Detour, type DetourInput } from './detour.ts';

/** Plays inputs at their times; returns when probes were made. */
function play(...inputs: readonly [atMs: number, input: DetourInput][]): {
  probes: number[];
  detour: Detour;
} {
  let detour = noDetour;
  const probes: number[] = [];
  for (const [atMs, input] of inputs) {
    const result = stepDetour(detour, input, atMs);
    detour = result.detour;
    if (result.probe) probes.push(atMs);
  }
  return { probes, detour };
}

describe('the search for a way without a relay', () => {
  it('begins after 45 s on the relay, however often the path is looked at', () => {
    const { probes } = play([0, 'relayed'], [20_000, 'relayed'], [44_999, 'due'], [45_000, 'due']);
    expect(probes).toEqual([45_000]);
  });

  it('waits longer each time, and ends after three', () => {
    let atMs = 0;
    let detour = noDetour;
    const waits: number[] = [];
    for (;;) {
      detour = stepDetour(detour, 'relayed', atMs).detour;
      if (detour.dueAtMs === null) break;
      waits.push(detour.dueAtMs - atMs);
      atMs = detour.dueAtMs;
      detour = stepDetour(detour, 'due', atMs).detour;
    }
    expect(waits).toEqual([45_000, 240_000, 1_200_000]);
  });

  it('has nothing to do on a direct path', () => {
    const { probes, detour } = play([0, 'relayed'], [1_000, 'direct'], [45_000, 'due']);
    expect(probes).toEqual([]);
    expect(detour).toBe(noDetour);
  });

  it('is put off while something is being mended', () => {
    const { probes } = play([0, 'relayed'], [45_000, 'busy'], [46_000, 'due'], [55_000, 'due']);
    expect(probes).toEqual([55_000]);
  });

  it('begins anew in another network', () => {
    const { probes, detour } = play(
      [0, 'relayed'],
      [45_000, 'due'],
      [46_000, 'relayed'],
      [50_000, 'network-changed'],
      [95_000, 'due'],
    );
    expect(probes).toEqual([45_000, 95_000]);
    expect(detour.probes).toBe(1);
  });
});
