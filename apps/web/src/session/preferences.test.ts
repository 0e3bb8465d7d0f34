import { describe, expect, it } from 'vitest';
import { createPreferenceStore, defaultPreferences, parsePreferences, rememberRoom } from './preferences.ts';

describe('parsePreferences', () => {
  it('takes what fits and forgets the rest, part by part', () => {
    const stored = {
      displayName: 'Ana',
      locale: 'zh-CN',
      theme: 'sepia',
      microphone: false,
      camera: 'yes',
      selfCorner: 'top-left',
      stageView: 'speaker',
      singleKeys: false,
      microphoneDevice: { id: 'm', label: 'Headset' },
      cameraDevice: { id: 7 },
      recentRooms: ['a', 7, 'b', null],
    };
    expect(parsePreferences(JSON.stringify(stored))).toEqual({
      ...defaultPreferences,
      displayName: 'Ana',
      locale: 'zh-CN',
      microphone: false,
      selfCorner: 'top-left',
      stageView: 'speaker',
      singleKeys: false,
      microphoneDevice: { id: 'm', label: 'Headset' },
      recentRooms: ['a', 'b'],
    });
  });

  it.each([null, '', 'null', '7', '[]', '{', '"text"', '{"recentRooms":{}}'])(
    'starts afresh from %j',
    (text) => {
      expect(parsePreferences(text)).toEqual(defaultPreferences);
    },
  );
});

describe('rememberRoom', () => {
  it('puts the newest first, once, and keeps five', () => {
    expect(rememberRoom(['a', 'b', 'c', 'd', 'e'], 'f')).toEqual(['f', 'a', 'b', 'c', 'd']);
    expect(rememberRoom(['a', 'b'], 'b')).toEqual(['b', 'a']);
  });
});

describe('createPreferenceStore', () => {
  it('finds again what it stored', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    createPreferenceStore(storage).update({ displayName: 'Ana', theme: 'dark' });
    expect(createPreferenceStore(storage).current.value).toMatchObject({ displayName: 'Ana', theme: 'dark' });
  });

  it('remembers for as long as the page lives where storage is forbidden', () => {
    const refuse = () => {
      throw new DOMException('no storage here', 'SecurityError');
    };
    const store = createPreferenceStore({ getItem: refuse, setItem: refuse });
    store.update({ displayName: 'Ana' });
    expect(store.current.value.displayName).toBe('Ana');
  });
});
