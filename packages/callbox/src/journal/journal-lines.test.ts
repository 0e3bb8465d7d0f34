import { describe, expect, it } from 'vitest';
import { decodeLines, encodeLine } from './journal-lines.ts';

const texts = ['{"a":1}', '{"text":"日本語 \\n \u2028 🧑‍🚀"}', '', ' leading space'];
const content = texts.map(encodeLine).join('');

describe('the lines of a journal', () => {
  it('are read as they were written', () => {
    expect(decodeLines(content)).toEqual(texts);
    expect(decodeLines('')).toEqual([]);
  });

  it('are whole or left out wherever the last write stopped', () => {
    const cut = (length: number): number => decodeLines(content.slice(0, length))?.length ?? -1;
    const ends = texts.map(
      (_text, index) =>
        texts
          .slice(0, index + 1)
          .map(encodeLine)
          .join('').length,
    );
    for (let length = 0; length <= content.length; length += 1) {
      expect(cut(length)).toBe(ends.filter((end) => end <= length).length);
    }
  });

  it.each(['\0\0\0\0\0\0', '\0\0\n\0\0\0\n', 'nonsense\nmore nonsense\n', '00000000 {"a":2}\n'])(
    'leave out what a lost write left at the end: %j',
    (rest) => {
      expect(decodeLines(content + rest)).toEqual(texts);
    },
  );

  it('are not believed at all where something right follows something wrong', () => {
    for (let index = 0; index < content.lastIndexOf('\n', content.length - 2); index += 1) {
      const damaged = `${content.slice(0, index)}#${content.slice(index + 1)}`;
      expect(decodeLines(damaged)).toBeNull();
    }
  });
});
