import { stripVTControlCharacters } from 'node:util';
import { encode } from 'uqr';
import { expect, test } from 'vitest';
import { renderTerminalQrCode } from './terminal-qr-code.ts';

const address = 'https://192.168.1.5:8080';

/** What a reader would see: rows of modules, dark or light. */
function toModules(drawing: string): boolean[][] {
  const rows = drawing
    .trimEnd()
    .split('\n')
    .map((line) => stripVTControlCharacters(line).slice(2));
  return rows.flatMap((row) => {
    const characters = Array.from(row);
    return [
      characters.map((character) => '█▀'.includes(character)),
      characters.map((character) => '█▄'.includes(character)),
    ];
  });
}

test('the modules of the code are drawn, dark on light', () => {
  const drawing = renderTerminalQrCode(address, 80) ?? '';
  const { data, size } = encode(address, { ecc: 'L', border: 2 });
  expect(toModules(drawing).slice(0, size)).toEqual(data);
  expect(drawing.startsWith('  \u001b[38;5;16;48;5;231m')).toBe(true);
});

test('nothing is drawn where it would not fit', () => {
  const { size } = encode(address, { ecc: 'L', border: 2 });
  expect(renderTerminalQrCode(address, size + 2)).toBeDefined();
  expect(renderTerminalQrCode(address, size + 1)).toBeUndefined();
});
