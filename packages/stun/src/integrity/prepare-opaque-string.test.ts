import { describe, expect, test } from 'vitest';
import { prepareOpaqueString } from './prepare-opaque-string.ts';

describe('prepareOpaqueString', () => {
  test.each([
    ['leaves ASCII alone, spaces included', 'Correct Horse: ~!', 'Correct Horse: ~!'],
    ['prepares the password of the published vectors', 'The\u00ADM\u00AAtr\u2168', 'TheMatrIX'],
    ['makes other spaces plain', 'a\u00A0b\u3000c\u2003d', 'a b c d'],
    ['removes joiners and variation selectors', 'a\u200Db\uFE0Fc\uFEFFd\u034Fe', 'abcde'],
    ['composes', 'e\u0301', '\u00E9'],
    ['keeps case', 'AaÄä', 'AaÄä'],
    ['keeps Chinese', '密码', '密码'],
  ])('%s', (_, text, prepared) => {
    expect(prepareOpaqueString(text)).toBe(prepared);
  });

  test('changes nothing the second time', () => {
    const once = prepareOpaqueString('The\u00ADM\u00AAtr\u2168 e\u0301');
    expect(prepareOpaqueString(once)).toBe(once);
  });
});
