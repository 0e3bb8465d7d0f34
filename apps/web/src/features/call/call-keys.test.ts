import { describe, expect, it } from 'vitest';
import { readCallKey, type KeyPress } from './call-keys.ts';

const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  isComposing: false,
  ...change,
});

describe('a key alone', () => {
  it.each([
    ['m', 'microphone'],
    ['M', 'microphone'],
    ['v', 'camera'],
    ['s', 'share'],
    ['c', 'chat'],
    ['g', 'view'],
    ['f', 'fullScreen'],
    ['?', 'help'],
    ['x', null],
    ['Enter', null],
  ])('%s means %s', (key, action) => {
    expect(readCallKey(press(key), true, false)).toBe(action);
  });

  it('means nothing with another, while it is held down, and while something is typed', () => {
    for (const change of [
      { ctrlKey: true },
      { metaKey: true },
      { altKey: true },
      { repeat: true },
      { isComposing: true },
    ]) {
      expect(readCallKey(press('m', change), true, false)).toBeNull();
    }
    expect(readCallKey(press('m'), true, true)).toBeNull();
  });

  it('means nothing once keys are switched off, but for the one that leads to the switch', () => {
    expect(readCallKey(press('m'), false, false)).toBeNull();
    expect(readCallKey(press('?'), false, false)).toBe('help');
  });
});
