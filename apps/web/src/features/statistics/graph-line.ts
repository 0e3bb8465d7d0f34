import type { Point } from './series.ts';

/** The size of a graph in its own units; it is stretched to wherever it stands. */
export const graphBox = { width: 240, height: 48 } as const;

/** How far back a graph goes. */
export const graphSpanMs = 120_000;

/** The next number that a scale may well end at: 1, 2 or 5 with noughts, and at least `least`. */
export function roundScale(highest: number, least: number): number {
  const wanted = Math.max(highest, least);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 5, 10].find((each) => wanted <= each * power) ?? 10;
  return step * power;
}

/**
 * The path of a line (SVG 2, §9.3): time runs to the right and ends at `nowMs`, values run up to `top`. What is older is left
 * out; a value that is not known breaks the line.
 */
export function drawLine(points: readonly Point[], nowMs: number, top: number): string {
  const { width, height } = graphBox;
  const parts: string[] = [];
  let isDrawing = false;
  for (const { atMs, value } of points) {
    if (value === null || atMs < nowMs - graphSpanMs) {
      isDrawing = false;
      continue;
    }
    const x = width * (1 - (nowMs - atMs) / graphSpanMs);
    const y = height * (1 - Math.min(1, Math.max(0, value / top)));
    parts.push(`${isDrawing ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`);
    isDrawing = true;
  }
  return parts.join('');
}
