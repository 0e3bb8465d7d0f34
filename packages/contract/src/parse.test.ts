import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { parseWith } from './parse.ts';

const schema = v.object({ room: v.object({ size: v.number() }), kind: v.picklist(['a', 'b']) });

describe('parseWith', () => {
  it('returns the value, without what the schema does not know', () => {
    const input = { room: { size: 3, colour: 'red' }, kind: 'a', more: true };
    expect(parseWith(schema, input)).toEqual({ ok: true, value: { room: { size: 3 }, kind: 'a' } });
  });

  it('says where the value does not fit', () => {
    expect(parseWith(schema, { room: { size: '3' }, kind: 'a' })).toEqual({
      ok: false,
      reason: 'room.size: Invalid type: Expected number but received "3"',
    });
  });

  it('says what does not fit as a whole', () => {
    expect(parseWith(schema, null)).toEqual({
      ok: false,
      reason: 'Invalid type: Expected Object but received null',
    });
  });

  it('does not repeat a long value', () => {
    const parsed = parseWith(schema, { room: { size: 3 }, kind: 'x'.repeat(10_000) });
    expect(parsed.ok ? '' : parsed.reason).toMatch(/^kind: .{100,}…$/);
    expect(parsed.ok ? Infinity : parsed.reason.length).toBeLessThan(210);
  });

  it('is not led astray by a prototype in the message', () => {
    const input: unknown = JSON.parse('{"__proto__":{"room":{"size":1}},"kind":"a"}');
    expect(parseWith(schema, input).ok).toBe(false);
    const polluting: unknown = JSON.parse('{"room":{"size":1,"__proto__":{"polluted":1}},"kind":"a"}');
    expect(parseWith(schema, polluting)).toEqual({ ok: true, value: { room: { size: 1 }, kind: 'a' } });
    expect(Object.hasOwn({}, 'polluted') || 'polluted' in {}).toBe(false);
  });
});
