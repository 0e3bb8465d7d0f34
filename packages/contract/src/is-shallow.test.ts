import { describe, expect, it } from 'vitest';
import { isShallow } from './is-shallow.ts';

function nest(levels: number): unknown {
  return JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as unknown;
}

describe('the depth of a value', () => {
  it.each([[1], ['text'], [null], [undefined], [{}], [{ a: [{ b: [1, null] }] }], [nest(32)]])(
    'is fine for %j',
    (value) => {
      expect(isShallow(value)).toBe(true);
    },
  );

  it('is too much from 33 on, however deep', () => {
    expect(isShallow({ far: nest(33) })).toBe(false);
    expect(isShallow(nest(5_000))).toBe(false);
  });
});
