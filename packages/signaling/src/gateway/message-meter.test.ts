import { describe, expect, it } from 'vitest';
import { createMessageMeter, messageAllowance, messageCost } from './message-meter.ts';

describe('createMessageMeter', () => {
  const allowance = { burst: 10, perSecond: 2 };

  function meterAfter(messages: number, atMs = 0): ReturnType<typeof createMessageMeter> {
    const meter = createMessageMeter(allowance);
    for (let count = 0; count < messages; count += 1) meter.add(1, atMs);
    return meter;
  }

  it('lets the allowance through and limits the next', () => {
    expect(meterAfter(10).isLimited()).toBe(false);
    expect(meterAfter(11).isLimited()).toBe(true);
  });

  it('takes messages again when time has passed', () => {
    const meter = meterAfter(11, 1_000);
    meter.add(1, 1_400);
    expect(meter.isLimited()).toBe(true);
    meter.add(1, 2_500);
    expect(meter.isLimited()).toBe(false);
  });

  it('never limits one who stays below the rate', () => {
    const meter = createMessageMeter(allowance);
    for (let count = 0; count < 1_000; count += 1) {
      meter.add(1, count * 500);
      expect(meter.isLimited()).toBe(false);
    }
  });

  it('saves nothing up beyond the allowance', () => {
    const meter = meterAfter(0);
    meter.add(1, 0);
    for (let count = 0; count < 11; count += 1) meter.add(1, 1_000_000);
    expect(meter.isLimited()).toBe(true);
  });

  it('calls it a flood at twice the allowance', () => {
    expect(meterAfter(20).isFlooded()).toBe(false);
    expect(meterAfter(21).isFlooded()).toBe(true);
  });
});

describe('messageAllowance', () => {
  // An offer of four sections is about nine thousand characters; a machine with many addresses has some sixty candidates.
  const perPeer = messageCost(9_000) + 60 * messageCost(300);

  it.each([2, 8, 20])(
    'lets one of %i join and restart every connection twice in the same second',
    (people) => {
      const meter = createMessageMeter(messageAllowance(people));
      for (let round = 0; round < 3; round += 1) {
        for (let peer = 1; peer < people; peer += 1) meter.add(perPeer, 0);
      }
      expect(meter.isLimited()).toBe(false);
    },
  );

  it('limits one who sends a megabyte every second', () => {
    const meter = createMessageMeter(messageAllowance(8));
    for (let second = 0; second < 60; second += 1) meter.add(8 * messageCost(128_000), second * 1_000);
    expect(meter.isLimited()).toBe(true);
  });
});
