import { describe, expect, it } from 'vitest';
import { spellUtf8, undoDoubleUtf8 } from './double-utf8.ts';

describe('text that was encoded twice', () => {
  it.for(['plain', 'café', '会议室 一', 'мир', 'smile 😀', '\u007f\u0080ÿ', '\ufeffmarked'])(
    'comes back as %s',
    (text) => {
      expect(undoDoubleUtf8(spellUtf8(text))).toBe(text);
    },
  );

  it('is told from text that was encoded once', () => {
    // Letters that are no sequence of UTF-8, and letters that fit in no octet.
    for (const text of ['café', 'Ärger', '会议', 'a\u0100', 'Ã']) expect(undoDoubleUtf8(text)).toBe(text);
  });
});
