import type { DeviceList } from '@callbox/client';
import { describe, expect, it } from 'vitest';
import { findNewcomers, nameOf } from './find-newcomers.ts';

const builtIn = { id: 'a', label: 'Built-in' };
const headset = { id: 'b', label: 'Headset' };
const list = (change: Partial<DeviceList> = {}): DeviceList => ({
  microphones: [builtIn],
  cameras: [],
  speakers: [builtIn],
  ...change,
});

describe('devices that are plugged in', () => {
  it('are found, and a headset is known as one thing', () => {
    const after = list({ microphones: [builtIn, headset], speakers: [builtIn, { ...headset, id: 'c' }] });
    const found = findNewcomers(list(), after);
    expect(found).toEqual({ microphone: headset, camera: null, speaker: { ...headset, id: 'c' } });
    expect(found === null ? '' : nameOf(found)).toBe('Headset');
  });

  it('are none where devices only go, or stay', () => {
    expect(findNewcomers(list(), list())).toBeNull();
    expect(findNewcomers(list(), list({ microphones: [] }))).toBeNull();
  });

  it('are none where names only become known with the permission', () => {
    expect(findNewcomers(list({ microphones: [{ id: 'x', label: '' }] }), list())).toBeNull();
  });

  it('are not the names for whatever the system prefers', () => {
    const after = list({ microphones: [builtIn, { id: 'default', label: 'Default - Headset' }] });
    expect(findNewcomers(list(), after)).toBeNull();
  });
});
