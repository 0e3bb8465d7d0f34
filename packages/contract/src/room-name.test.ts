import { describe, expect, it } from 'vitest';
import { createRoomName, parseRoomName, roomNameSchema } from './room-name.ts';
import { parseWith } from './parse.ts';

function nameOf(input: unknown): string {
  const parsed = parseRoomName(input);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

describe('parseRoomName', () => {
  it.each([
    ['letters and digits stay', 'room1', 'room1'],
    ['letters become lower case', 'Team-Blue', 'team-blue'],
    ['white space becomes one hyphen', '  weekly \t team\n call ', 'weekly-team-call'],
    ['wide and unbreakable spaces are white space too', 'a\u3000b\u00A0c\u2003d', 'a-b-c-d'],
    ['points and underscores stay', 'v1.2_final', 'v1.2_final'],
    ['Chinese is welcome', '周会', '周会'],
    ['Arabic is welcome', 'غرفة', 'غرفة'],
    ['Hindi keeps its vowel marks', 'हिन्दी', 'हिन्दी'],
    ['accents are composed', 'cafe\u0301', 'caf\u00E9'],
    ['full-width letters and digits meet their plain kin', 'Ｒｏｏｍ１', 'room1'],
    ['ligatures and circled digits meet their plain kin', 'ﬁle①', 'file1'],
    ['a mark of direction disappears', '\u202Eroom\u202C\u200F', 'room'],
    ['what has no width disappears', 'ro\u200Bo\u2060m\uFEFF\u00AD', 'room'],
    ['a filler that looks like nothing disappears', 'ro\u3164om\uFFA0\u115F', 'room'],
    ['a property of objects is a name like any other', 'constructor', 'constructor'],
    ['sixty-four characters fit', 'x'.repeat(64), 'x'.repeat(64)],
  ])('%s', (_what, input, name) => {
    expect(parseRoomName(input)).toEqual({ ok: true, value: name });
  });

  it.each([
    ['a number', 7, 'is text'],
    ['nothing', undefined, 'is text'],
    ['an object', { toString: () => 'room' }, 'is text'],
    ['no letter', '', 'empty'],
    ['white space alone', ' \t\u3000', 'empty'],
    ['invisible characters alone', '\u200B\u202E\u3164', 'empty'],
    ['sixty-five characters', 'x'.repeat(65), 'at most 64'],
    ['a text that grows beyond the limit when folded', '\uFDFA'.repeat(10), 'at most 64'],
    ['a very long text', 'x'.repeat(1_000_000), 'too long'],
    ['the prototype', '__proto__', 'is made of'],
    ['a parent folder', '..', 'is made of'],
    ['a hidden file', '.env', 'is made of'],
    ['a path', 'a/b', 'is made of'],
    ['a Windows path', 'a\\b', 'is made of'],
    ['an escape', 'a%2Fb', 'is made of'],
    ['a query', 'a?b', 'is made of'],
    ['a fragment', 'a#b', 'is made of'],
    ['markup', '<b>', 'is made of'],
    ['a NUL', 'a\u0000b', 'is made of'],
    ['a hyphen first', '-room', 'is made of'],
    ['a mark with nothing to stand on', '\u0301a', 'is made of'],
    ['an emoji', 'party🎉', 'is made of'],
    ['the blank of Braille', 'a\u2800b', 'is made of'],
    ['half a surrogate pair', 'a\uD800', 'is made of'],
  ])('refuses %s', (_what, input, reason) => {
    expect(parseRoomName(input)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  it('gives each name one spelling: what it returns, it returns again', () => {
    // Every character of the planes that have letters, in front, between and behind.
    const unsettled: string[] = [];
    for (let code = 1; code < 0x40000; code += 1) {
      const character = String.fromCodePoint(code);
      for (const text of [`${character}ab`, `a${character}b`, `ab${character}`]) {
        const first = parseRoomName(text);
        if (first.ok && nameOf(first.value) !== first.value)
          unsettled.push(`U+${code.toString(16)} in ${text}`);
      }
    }
    expect(unsettled).toEqual([]);
  });

  it('returns nothing that changes in a link', () => {
    for (const input of ['Team Blue', '周会', 'v1.2_final']) {
      const name = nameOf(input);
      const url = new URL(`/r/${encodeURIComponent(name)}`, 'https://calls.example');
      expect(decodeURIComponent(url.pathname)).toBe(`/r/${name}`);
    }
  });
});

describe('roomNameSchema', () => {
  it('takes the canonical spelling and no other', () => {
    expect(parseWith(roomNameSchema, 'team-blue')).toEqual({ ok: true, value: 'team-blue' });
    expect(parseWith(roomNameSchema, 'Team Blue')).toEqual({
      ok: false,
      reason: 'not a canonical room name',
    });
    expect(parseWith(roomNameSchema, 7).ok).toBe(false);
  });
});

describe('createRoomName', () => {
  const random = (octets: Uint8Array<ArrayBuffer>) => void crypto.getRandomValues(octets);

  it('makes four groups of four symbols that are not mistaken for each other', () => {
    for (let round = 0; round < 200; round += 1) {
      expect(createRoomName(random)).toMatch(
        /^[2-9abcdefghjkmnpqrstvwxyz]{4}(-[2-9abcdefghjkmnpqrstvwxyz]{4}){3}$/,
      );
    }
  });

  it('makes names that parse to themselves', () => {
    const name = createRoomName(random);
    expect(nameOf(name)).toBe(name);
  });

  it('does not repeat itself', () => {
    const names = new Set(Array.from({ length: 1_000 }, () => createRoomName(random)));
    expect(names.size).toBe(1_000);
  });

  it('gives every symbol the same share of the octets', () => {
    // Sixteen octets make a name; the rest of what it takes at once is out of range and skipped.
    let next = 0;
    const counts = new Map<string, number>();
    const consecutive = (octets: Uint8Array<ArrayBuffer>) => {
      octets.fill(255);
      for (let index = 0; index < 16; index += 1) octets[index] = next + index;
      next += 16;
    };
    for (let round = 0; round < 15; round += 1) {
      for (const symbol of createRoomName(consecutive).replaceAll('-', '')) {
        counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
      }
    }
    expect(counts.size).toBe(30);
    expect(new Set(counts.values())).toEqual(new Set([8]));
  });

  it('skips octets that would favour some symbols', () => {
    let round = 0;
    const name = createRoomName((octets) => {
      octets.fill(round === 0 ? 240 : 29);
      round += 1;
    });
    expect(round).toBe(2);
    expect(name).toBe('zzzz-zzzz-zzzz-zzzz');
  });
});
