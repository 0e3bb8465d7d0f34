import { describe, expect, it } from 'vitest';
import { displayNameSchema } from './display-name.ts';
import { parseWith } from './parse.ts';

describe('displayNameSchema', () => {
  it.each([
    ['a plain name stays', 'Ana María', 'Ana María'],
    ['no name is a name', '', ''],
    ['white space around it goes', '  Ana \n', 'Ana'],
    ['white space inside it becomes one space', 'Ana\t\n \u3000María', 'Ana María'],
    ['accents are composed', 'Jose\u0301', 'José'],
    ['control characters go', 'A\u0000n\u001B[31ma\u007F', 'An[31ma'],
    ['marks of direction go', '\u202Eana\u202C\u2066x\u2069\u200F', 'anax'],
    ['what has no width goes', 'A\u200Bn\u2060a\u00AD', 'Ana'],
    ['separators of lines and paragraphs become a space', 'Ana\u2028María\u2029', 'Ana María'],
    ['half a surrogate pair goes', 'Ana\uD83D', 'Ana'],
    ['a family of emoji stays together', 'Ana 👩‍👩‍👧', 'Ana 👩‍👩‍👧'],
    ['a Persian joiner stays', 'نیک\u200Cنام', 'نیک\u200Cنام'],
    ['a variant of a Japanese character stays', '葛\u{E0100}城', '葛\u{E0100}城'],
    ['markup is text', '<b>Ana</b>', '<b>Ana</b>'],
    ['the prototype is text', '__proto__', '__proto__'],
    ['invisible characters alone are no name', '\u200B\u200D\u202E\uFE0F', ''],
    ['fillers and blanks alone are no name', '\u3164\u2800\u115F', ''],
    ['marks alone are no name', '\u0301\u0302', ''],
    ['sixty characters fit', 'x'.repeat(60), 'x'.repeat(60)],
    ['what goes does not count', `${'x'.repeat(60)}${'\u200B'.repeat(60)}`, 'x'.repeat(60)],
  ])('%s', (_what, input, name) => {
    expect(parseWith(displayNameSchema, input)).toEqual({ ok: true, value: name });
  });

  it.each([
    ['sixty-one characters', 'x'.repeat(61), /<=60 but received 61/],
    ['a long text, however little is left of it', '\u200B'.repeat(241), /<=240 but received 241/],
    ['a number', 7, /Expected string/],
    ['null', null, /Expected string/],
    ['a list', ['Ana'], /Expected string/],
  ])('refuses %s', (_what, input, reason) => {
    expect(parseWith(displayNameSchema, input)).toEqual({
      ok: false,
      reason: expect.stringMatching(reason),
    });
  });

  it('settles: a clean name is not cleaned further', () => {
    for (const name of [
      'a\u034F\u0301',
      'Ana  \u200D María',
      ' \u2800 a\u0301',
      '\u200D a',
      'نیک\u200Cنام',
    ]) {
      const once = parseWith(displayNameSchema, name);
      expect(once.ok && parseWith(displayNameSchema, once.value)).toEqual(once);
    }
  });
});
