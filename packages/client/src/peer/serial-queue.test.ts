import { describe, expect, it, vi } from 'vitest';
import { createDeferred } from '../testing/deferred.ts';
import { createSerialQueue } from './serial-queue.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a serial queue', () => {
  it('begins a job only when the one before has ended', async () => {
    const steps: string[] = [];
    const queue = createSerialQueue(vi.fn());
    const first = createDeferred();
    queue.push(async () => {
      steps.push('first begins');
      await first.promise;
      steps.push('first ends');
    });
    queue.push(async () => void steps.push('second'));
    await settle();
    expect(steps).toEqual(['first begins']);
    first.resolve();
    await settle();
    expect(steps).toEqual(['first begins', 'first ends', 'second']);
  });

  it('goes on after a job that failed, and tells of it', async () => {
    const onFailed = vi.fn();
    const queue = createSerialQueue(onFailed);
    const fault = new Error('no');
    const next = vi.fn(async () => {});
    queue.push(() => Promise.reject(fault));
    queue.push(next);
    await settle();
    expect(onFailed).toHaveBeenCalledWith(fault);
    expect(next).toHaveBeenCalledTimes(1);
  });

  it('once closed begins nothing more, and tells of no failure that closing has caused', async () => {
    const onFailed = vi.fn();
    const queue = createSerialQueue(onFailed);
    const running = createDeferred();
    const next = vi.fn(async () => {});
    queue.push(() => running.promise);
    queue.push(next);
    await settle();
    queue.close();
    running.reject(new Error('the connection is closed'));
    await settle();
    expect(next).not.toHaveBeenCalled();
    expect(onFailed).not.toHaveBeenCalled();
  });
});
