import { encode } from 'uqr';

/** The light border that a reader needs to find the code by. */
const quietModules = 2;
const margin = '  ';
/** Black on white whatever the colours of the terminal are: readers expect dark modules on a light ground. */
const blackOnWhite = '\u001b[38;5;16;48;5;231m';
const plain = '\u001b[0m';

/** Two modules one above the other are one character. */
function toCharacter(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
}

/**
 * Draws a QR code of this text for a terminal with colours.
 *
 * @param columns of the terminal; undefined is returned where the code does not fit into them.
 */
export function renderTerminalQrCode(text: string, columns: number): string | undefined {
  const { data: modules, size } = encode(text, { ecc: 'L', border: quietModules });
  if (size + margin.length > columns) return undefined;
  const lines: string[] = [];
  for (let y = 0; y < size; y += 2) {
    const upper = modules[y] ?? [];
    const lower = modules[y + 1] ?? [];
    const drawn = upper.map((module, x) => toCharacter(module, lower[x] ?? false)).join('');
    lines.push(`${margin}${blackOnWhite}${drawn}${plain}`);
  }
  return `${lines.join('\n')}\n\n`;
}
