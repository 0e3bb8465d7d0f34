import { describe, expect, it } from 'vitest';
import {
  createUplink,
  keepPictures,
  lastPictureStep,
  stepUplink,
  thriftOf,
  thriftSteps,
  type Uplink,
  type UplinkSample,
} from './uplink.ts';

const good: UplinkSample = {
  lossShare: 0,
  availableBitsPerSecond: 3_000_000,
  plannedBitsPerSecond: 2_000_000,
  roundTripMs: 40,
  isProcessorShort: false,
};
const lossy: UplinkSample = { ...good, lossShare: 0.12 };
const terrible: UplinkSample = { ...good, lossShare: 0.4 };

/** Looks every two seconds for so long; returns the steps gone through, with their times, and where it ends. */
function watch(start: Uplink, fromMs: number, seconds: number, sample: UplinkSample) {
  let uplink = start;
  const steps: [atMs: number, step: number][] = [];
  let nowMs = fromMs;
  for (; nowMs <= fromMs + seconds * 1_000; nowMs += 2_000) {
    const next = stepUplink(uplink, sample, nowMs);
    if (next.step !== uplink.step) steps.push([nowMs - fromMs, next.step]);
    uplink = next;
  }
  return { uplink, steps, nowMs };
}

describe('the way up', () => {
  it('sends everything while nothing is lost', () => {
    const { uplink, steps } = watch(createUplink(), 0, 600, good);
    expect(steps).toEqual([]);
    expect(thriftOf(uplink)).toEqual(thriftSteps[0]);
  });

  it('goes down one step at a time while packets are lost: bits, frames, pictures, voice', () => {
    const { uplink, steps } = watch(createUplink(), 0, 60, lossy);
    expect(steps).toEqual([
      [4_000, 1],
      [8_000, 2],
      [12_000, 3],
      [16_000, 4],
      [20_000, 5],
    ]);
    expect(thriftOf(uplink)).toMatchObject({ share: 0, maxAudioBitsPerSecond: 20_000 });
  });

  it('goes down faster when half of it is lost', () => {
    expect(watch(createUplink(), 0, 10, terrible).steps).toEqual([
      [2_000, 1],
      [4_000, 2],
      [6_000, 3],
      [8_000, 4],
      [10_000, 5],
    ]);
  });

  it('does not mind one bad look', () => {
    let uplink = createUplink();
    for (let nowMs = 0; nowMs < 60_000; nowMs += 2_000) {
      uplink = stepUplink(uplink, nowMs % 6_000 === 0 ? terrible : good, nowMs);
    }
    expect(uplink.step).toBe(0);
  });

  it('goes down when the browser believes in less than is planned and packets begin to be lost', () => {
    const narrow: UplinkSample = { ...good, availableBitsPerSecond: 500_000 };
    expect(watch(createUplink(), 0, 30, narrow).steps).toEqual([]);
    expect(watch(createUplink(), 0, 6, { ...narrow, lossShare: 0.04 }).steps).toEqual([[4_000, 1]]);
  });

  it('recovers slowly, one step each ten seconds', () => {
    const bad = watch(createUplink(), 0, 14, lossy);
    expect(bad.uplink.step).toBe(3);
    expect(watch(bad.uplink, bad.nowMs, 40, good).steps).toEqual([
      [10_000, 2],
      [20_000, 1],
      [30_000, 0],
    ]);
  });

  it('waits longer for the next step up each time that one was too much', () => {
    const ups: number[] = [];
    let uplink = createUplink();
    let saidGoodMs = 0;
    // A link that carries everything but the most.
    for (let nowMs = 0; nowMs < 800_000; nowMs += 2_000) {
      const next = stepUplink(uplink, uplink.step === 0 ? lossy : good, nowMs);
      if (next.step === 0 && uplink.step === 1) ups.push(nowMs - saidGoodMs);
      if (next.step === 1 && uplink.step === 0) saidGoodMs = nowMs + 2_000;
      uplink = next;
    }
    expect(ups.slice(0, 6)).toEqual([10_000, 20_000, 40_000, 80_000, 120_000, 120_000]);
  });

  it('forgets such caution when all has been well for two minutes', () => {
    const { uplink, nowMs } = watch({ ...createUplink(), patienceMs: 80_000 }, 0, 130, good);
    const bad = watch(uplink, nowMs, 4, lossy);
    expect(watch(bad.uplink, bad.nowMs, 10, good).steps).toEqual([[10_000, 0]]);
  });

  it('does not stop the pictures of a person who wants to be seen whatever it costs, for a while', () => {
    const bad = watch(createUplink(), 0, 40, lossy);
    expect(bad.uplink.step).toBe(5);
    const kept = keepPictures(bad.uplink, bad.nowMs);
    expect(kept.step).toBe(lastPictureStep);
    expect(watch(kept, bad.nowMs, 100, lossy).uplink.step).toBe(lastPictureStep);
    expect(watch(kept, bad.nowMs, 200, lossy).uplink.step).toBe(5);
  });
});

describe('the processor', () => {
  const short: UplinkSample = { ...good, isProcessorShort: true };

  it('gets smaller pictures when it has been short for ten seconds, and keeps them', () => {
    const sides: number[] = [];
    let uplink = createUplink();
    for (let nowMs = 0; nowMs <= 44_000; nowMs += 2_000) {
      uplink = stepUplink(uplink, short, nowMs);
      const { maxShortSide } = thriftOf(uplink);
      if (sides.at(-1) !== maxShortSide) sides.push(maxShortSide);
    }
    expect(sides).toEqual([4_320, 540, 360, 180]);
    expect(thriftOf(watch(uplink, 46_000, 300, good).uplink).maxShortSide).toBe(180);
  });

  it('is not pitied for a moment', () => {
    let uplink = createUplink();
    for (let nowMs = 0; nowMs < 60_000; nowMs += 2_000) {
      uplink = stepUplink(uplink, nowMs % 10_000 < 8_000 ? short : good, nowMs);
    }
    expect(thriftOf(uplink).maxShortSide).toBe(4_320);
  });
});
