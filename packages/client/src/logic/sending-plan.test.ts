import { describe, expect, it } from 'vitest';
import {
  beginSmall,
  noThrift,
  planCamera,
  planScreen,
  planSending,
  scaleDownBy,
  type PictureLimits,
  type Receiver,
  type SendingPlan,
  type Thrift,
  type Wanted,
} from './sending-plan.ts';

describe('the plan for a camera', () => {
  it.each([
    [1, 720, 30, 1_700_000],
    [2, 720, 30, 1_700_000],
    [3, 540, 30, 1_000_000],
    [4, 540, 24, 700_000],
    [5, 360, 20, 450_000],
    [6, 360, 15, 350_000],
    [7, 270, 15, 220_000],
    [8, 270, 15, 220_000],
    [9, 180, 15, 150_000],
    [50, 180, 15, 150_000],
  ])('for %i people sends at most %ip at %i frames and %i bit/s to each', (people, side, frames, bits) => {
    expect(planCamera(people)).toEqual({
      maxShortSide: side,
      maxFramesPerSecond: frames,
      maxBitsPerSecond: bits,
    });
  });

  it('keeps the whole uplink of a room of up to 8 near 2.5 Mbit/s', () => {
    for (let people = 2; people <= 8; people += 1) {
      expect(planCamera(people).maxBitsPerSecond * (people - 1)).toBeLessThanOrEqual(2_500_000);
    }
  });
});

describe('the plan for a screen', () => {
  it.each([
    [2, 15, 2_500_000],
    [3, 15, 1_250_000],
    [5, 15, 625_000],
    [6, 8, 500_000],
    [8, 8, 357_143],
    [25, 8, 250_000],
  ])(
    'for %i people sends at most %i frames and %i bit/s to each, at its own size',
    (people, frames, bits) => {
      expect(planScreen(people)).toEqual({
        maxShortSide: 1_440,
        maxFramesPerSecond: frames,
        maxBitsPerSecond: bits,
      });
    },
  );
});

/** Receivers who want these, in turn. */
const receivers = (...wanted: (Wanted | null)[]): Receiver<number>[] =>
  wanted.map((wish, index) => ({ id: index, wanted: wish }));
const many = (count: number, wanted: Wanted | null = null) =>
  receivers(...Array.from({ length: count }, () => wanted));
const everything: Wanted = { camera: 1_080, screen: 1_440 };
const hidden: Wanted = { camera: 0, screen: 0 };

const bitsOf = (plans: ReadonlyMap<number, SendingPlan>, picture: 'camera' | 'screen') =>
  [...plans.values()].map((plan) => plan[picture]?.maxBitsPerSecond ?? 0);
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const strip: PictureLimits = { maxShortSide: 180, maxFramesPerSecond: 15, maxBitsPerSecond: 150_000 };

describe('what each connection may send', () => {
  it('is what the number of people allows, to those who have said nothing and to those who want all', () => {
    for (let count = 1; count <= 9; count += 1) {
      const expected = planCamera(count + 1).maxBitsPerSecond;
      expect(new Set(bitsOf(planSending(many(count), null), 'camera'))).toEqual(new Set([expected]));
      expect(new Set(bitsOf(planSending(many(count, everything), null), 'camera'))).toEqual(
        new Set([expected]),
      );
    }
  });

  it('is nothing to who does not look, and their share goes to the others', () => {
    const plans = planSending(receivers(everything, hidden, hidden, hidden, hidden), null);
    expect(plans.get(0)?.camera).toEqual(planCamera(2));
    for (const id of [1, 2, 3, 4]) expect(plans.get(id)).toMatchObject({ camera: null, screen: null });
  });

  it.each([
    [100, 180, 150_000],
    [180, 180, 150_000],
    [200, 270, 300_000],
    [300, 360, 600_000],
    [500, 540, 1_100_000],
    [640, 720, 1_700_000],
    [2_000, 720, 1_700_000],
  ])('fits a tile whose shorter side has %i pixels: %ip and %i bit/s', (tile, side, bits) => {
    const plan = planSending(receivers({ camera: tile, screen: 0 }), null).get(0);
    expect(plan?.camera).toMatchObject({ maxShortSide: side, maxBitsPerSecond: bits });
  });

  it('leaves room for the screen that is shown, but not for one that nobody sees', () => {
    for (let count = 1; count <= 7; count += 1) {
      const plans = planSending(many(count), strip);
      expect(sum([...bitsOf(plans, 'camera'), ...bitsOf(plans, 'screen')])).toBeLessThanOrEqual(3_600_000);
    }
    const unseen = planSending(receivers({ camera: 720, screen: 0 }), strip).get(0);
    expect(unseen).toMatchObject({ camera: planCamera(2), screen: null });
  });

  it('lets a camera beside a screen be as large as the link carries, but not larger than without one', () => {
    const large = { maxShortSide: 720, maxFramesPerSecond: 30, maxBitsPerSecond: 1_700_000 };
    expect(planSending(many(1), large).get(0)?.camera).toEqual(planCamera(2));
    expect(planSending(many(4), large).get(0)?.camera).toEqual(planCamera(5));
  });

  it('keeps a screen at its own size, however little there is', () => {
    const screen = planSending(receivers(everything), strip, { ...noThrift, share: 0.18 }).get(0)?.screen;
    expect(screen).toEqual({ maxShortSide: 1_440, maxFramesPerSecond: 10, maxBitsPerSecond: 450_000 });
  });

  it.each<[number, Partial<Thrift>, number, number, number]>([
    [1, {}, 720, 30, 1_700_000],
    [1, { share: 0.6 }, 720, 30, 1_020_000],
    [1, { share: 0.35 }, 540, 30, 595_000],
    [1, { share: 0.18 }, 360, 10, 306_000],
    [1, { maxShortSide: 360 }, 360, 30, 600_000],
    [3, { share: 0.35 }, 270, 24, 245_000],
    [7, { share: 0.18 }, 180, 10, 39_600],
  ])('with %i receivers and %j is %ip at %i frames and %i bit/s', (count, thrift, side, frames, bits) => {
    expect(planSending(many(count), null, { ...noThrift, ...thrift }).get(0)?.camera).toEqual({
      maxShortSide: side,
      maxFramesPerSecond: frames,
      maxBitsPerSecond: bits,
    });
  });

  it('never lets a picture grow under thrift, and stops all of them before the voice', () => {
    let before = Infinity;
    for (const share of [1, 0.8, 0.6, 0.4, 0.2, 0.1]) {
      const bits = sum(bitsOf(planSending(many(4), null, { ...noThrift, share }), 'camera'));
      expect(bits).toBeLessThan(before);
      before = bits;
    }
    const silent = planSending(many(2), strip, { ...noThrift, share: 0, maxAudioBitsPerSecond: 20_000 });
    expect(silent.get(0)).toEqual({
      camera: null,
      screen: null,
      maxAudioBitsPerSecond: 20_000,
      redundantVoice: false,
    });
  });
});

describe('the first moment of a connection', () => {
  it('has a small picture, and all else as planned', () => {
    const planned = planCamera(2);
    expect(beginSmall(planned)).toEqual({ ...planned, maxShortSide: 180 });
  });

  it('has no larger one than was planned', () => {
    const planned = { ...planCamera(2), maxShortSide: 120 };
    expect(beginSmall(planned)).toEqual(planned);
  });
});

describe('scaling a picture down', () => {
  const limits = planCamera(5);

  it('brings the shorter side to the limit, however the picture is held', () => {
    expect(scaleDownBy(limits, { width: 1_280, height: 720 })).toBe(2);
    expect(scaleDownBy(limits, { width: 720, height: 1_280 })).toBe(2);
  });

  it('never enlarges, and leaves alone what it does not know', () => {
    expect(scaleDownBy(limits, { width: 320, height: 180 })).toBe(1);
    expect(scaleDownBy(limits, {})).toBe(1);
  });
});
