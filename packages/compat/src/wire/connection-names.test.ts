import { describe, expect, it } from 'vitest';
import { createConnectionNames } from './connection-names.ts';

describe('the names of the connections between an old page and ours', () => {
  it('count what an old page offers, name by name', () => {
    const names = createConnectionNames();
    expect(names.offeredByOld('person', '1523')).toBe(0);
    expect(names.offeredByOld('person', '1523')).toBe(0);
    expect([names.numberOf('person', '1523'), names.nameOf('person', 0)]).toEqual([0, '1523']);
    expect(names.offeredByOld('person', '1524')).toBe(1);
    expect([names.numberOf('person', '1523'), names.nameOf('person', 0)]).toEqual([null, null]);
  });

  it('name what ours offers by its number, and tell when it takes the place of another', () => {
    const names = createConnectionNames();
    expect(names.offeredByOurs('person', 0)).toEqual({ name: 'c0', replaces: false });
    expect(names.offeredByOurs('person', 0)).toEqual({ name: 'c0', replaces: false });
    expect(names.offeredByOurs('person', 3)).toEqual({ name: 'c3', replaces: true });
    expect([names.numberOf('person', 'c0'), names.numberOf('person', 'c3')]).toEqual([null, 3]);
  });

  it('go on counting where the other side offered before', () => {
    const names = createConnectionNames();
    names.offeredByOurs('person', 2);
    expect(names.offeredByOld('person', '1523')).toBe(3);
    expect(names.offeredByOurs('person', 4)).toEqual({ name: 'c4', replaces: true });
    expect(names.offeredByOld('person', 'c4')).toBe(4);
  });

  it('are of one purpose each', () => {
    const names = createConnectionNames();
    names.offeredByOld('person', '1');
    expect([names.numberOf('screen', '1'), names.nameOf('screen', 0)]).toEqual([null, null]);
    expect(names.offeredByOurs('screen', 0)).toEqual({ name: 'c0', replaces: false });
  });
});
