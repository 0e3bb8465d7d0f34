import { describe, expect, test } from 'vitest';
import { coturnKeyNames } from '../testing/coturn-key-names.ts';
import { turnserverKeyGroups, turnserverKeys } from './turnserver-keys.ts';

describe('the list of keys', () => {
  test('holds every key of coturn’s example file and command line', () => {
    expect(coturnKeyNames.length).toBeGreaterThan(100);
    expect(coturnKeyNames.filter((name) => !turnserverKeys.has(name))).toEqual([]);
  });

  test('names each key once', () => {
    const names = Object.values(turnserverKeyGroups).flatMap((group) => Object.keys(group));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('says of each key what becomes of it', () => {
    const all = [...turnserverKeys].map(([name, entry]) => ({ name, ...entry }));
    expect(all.filter(({ fate, options }) => options.length > 0 !== (fate === 'mapped'))).toEqual([]);
    expect(all.filter(({ fate, words }) => fate !== 'mapped' && words === '')).toEqual([]);
  });
});
