import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findDevice, listDevices, watchDevices } from './list-devices.ts';

class FakeDevices extends EventTarget {
  answer: Promise<unknown> = Promise.resolve([]);
  enumerateDevices(): Promise<unknown> {
    return this.answer;
  }
}

let devices: FakeDevices;
beforeEach(() => {
  devices = new FakeDevices();
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('navigator', { mediaDevices: devices });
  vi.stubGlobal(
    'HTMLMediaElement',
    class {
      setSinkId(): void {}
    },
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const device = (kind: string, deviceId: string, label = deviceId) => ({ kind, deviceId, label });
const nothing = { microphones: [], cameras: [], speakers: [] };

describe('the list of devices', () => {
  it('has each kind apart, and leaves out what has no id yet', async () => {
    devices.answer = Promise.resolve([
      device('audioinput', 'm1'),
      device('videoinput', ''),
      device('audiooutput', 's1', 'Headset'),
    ]);
    expect(await listDevices()).toEqual({
      microphones: [{ id: 'm1', label: 'm1' }],
      cameras: [],
      speakers: [{ id: 's1', label: 'Headset' }],
    });
  });

  it('has no speakers where a page cannot choose one', async () => {
    vi.stubGlobal('HTMLMediaElement', { prototype: {} });
    devices.answer = Promise.resolve([device('audiooutput', 's1')]);
    expect(await listDevices()).toEqual(nothing);
  });

  it('is empty when the browser does not answer, or refuses, or has no devices at all', async () => {
    vi.useFakeTimers();
    devices.answer = new Promise(() => {});
    const listed = listDevices();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await listed).toEqual(nothing);
    devices.answer = Promise.reject(new Error('no'));
    expect(await listDevices()).toEqual(nothing);
    vi.stubGlobal('navigator', {});
    expect(await listDevices()).toEqual(nothing);
    expect(() => watchDevices(() => {})()).not.toThrow();
  });

  it('tells of changes until it is stopped', () => {
    const listener = vi.fn();
    const stop = watchDevices(listener);
    devices.dispatchEvent(new Event('devicechange'));
    stop();
    devices.dispatchEvent(new Event('devicechange'));
    expect(listener).toHaveBeenCalledTimes(1);
  });
});

describe('a remembered device', () => {
  const list = [
    { id: 'a', label: 'Built-in' },
    { id: 'b', label: 'Headset' },
    { id: 'c', label: '' },
  ];
  it.each([
    ['by its id', { id: 'a', label: 'Headset' }, 'a'],
    ['by its name, when the id is another', { id: 'x', label: 'Headset' }, 'b'],
    ['not by an empty name', { id: 'x', label: '' }, undefined],
    ['not when it is gone', { id: 'x', label: 'Camera' }, undefined],
  ])('is found %s', (_, remembered, expected) => {
    expect(findDevice(list, remembered)?.id).toBe(expected);
  });
});
