import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeSignaling } from '../testing/fake-signaling.ts';
import { createIceRenewal } from './ice-renewal.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const grant = (lifetimeSeconds: number) => ({ iceServers: [], lifetimeSeconds });

function createFixture() {
  const signaling = createFakeSignaling();
  const onGrant = vi.fn();
  return { signaling, onGrant, renewal: createIceRenewal(signaling.connection, onGrant, () => {}) };
}

describe('renewing credentials', () => {
  it('asks when three quarters of their life are over, again and again', () => {
    const { signaling, onGrant, renewal } = createFixture();
    renewal.begin(grant(1_000));
    vi.advanceTimersByTime(749_999);
    expect(signaling.waiting('ice-renew')).toBe(0);
    vi.advanceTimersByTime(1);
    signaling.answer('ice-renew', grant(100));
    expect(onGrant).toHaveBeenCalledExactlyOnceWith(grant(100));
    vi.advanceTimersByTime(75_000);
    expect(signaling.waiting('ice-renew')).toBe(1);
  });

  it('tries again 30 s after a refusal', () => {
    const { signaling, renewal } = createFixture();
    renewal.begin(grant(1_000));
    vi.advanceTimersByTime(750_000);
    signaling.refuse('ice-renew', 'rate-limited');
    vi.advanceTimersByTime(30_000);
    expect(signaling.waiting('ice-renew')).toBe(1);
  });

  it('takes what the server sends by itself, and asks only when nothing more comes', () => {
    const { signaling, onGrant, renewal } = createFixture();
    renewal.begin(grant(1_000));
    vi.advanceTimersByTime(500_000);
    renewal.take(grant(2_000));
    expect(onGrant).toHaveBeenCalledExactlyOnceWith(grant(2_000));
    vi.advanceTimersByTime(1_499_999);
    expect(signaling.waiting('ice-renew')).toBe(0);
    vi.advanceTimersByTime(1);
    expect(signaling.waiting('ice-renew')).toBe(1);
    // What comes while the question is on its way is the newer: the answer changes nothing any more.
    renewal.take(grant(3_000));
    signaling.answer('ice-renew', grant(100));
    expect(onGrant).toHaveBeenLastCalledWith(grant(3_000));
  });

  it('does not hurry however short the life, nor count beyond what a timer can', () => {
    const { signaling, renewal } = createFixture();
    renewal.begin(grant(1));
    vi.advanceTimersByTime(29_999);
    expect(signaling.requests('ice-renew')).toHaveLength(0);
    renewal.begin(grant(1e9));
    vi.advanceTimersByTime(60_000);
    expect(signaling.requests('ice-renew')).toHaveLength(0);
  });

  it('is silent once paused, also with an answer on its way', () => {
    const { signaling, onGrant, renewal } = createFixture();
    renewal.begin(grant(1_000));
    vi.advanceTimersByTime(750_000);
    renewal.pause();
    signaling.answer('ice-renew', grant(1_000));
    vi.advanceTimersByTime(10_000_000);
    expect(onGrant).not.toHaveBeenCalled();
    expect(signaling.requests('ice-renew')).toHaveLength(1);
  });
});
