import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

// Contrast as WCAG 2.2 defines it, computed from the OKLCH values of the style sheet.

type Triple = readonly [number, number, number];

/** OKLCH to linear sRGB (Björn Ottosson's matrices, as in CSS Color 4 §10). */
function toLinear([lightness, chroma, hue]: Triple): Triple {
  const angle = (hue * Math.PI) / 180;
  const a = chroma * Math.cos(angle);
  const b = chroma * Math.sin(angle);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function luminance(colour: Triple): number {
  const [red, green, blue] = toLinear(colour).map((part) => Math.min(Math.max(part, 0), 1));
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

function contrast(one: Triple, other: Triple): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const sheet = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');
const number = String.raw`([\d.]+)`;
const colour = String.raw`oklch\(${number} ${number} ${number}\)|oklch\(1 0 0\)`;
const pair = new RegExp(String.raw`--([a-z-]+):\s*light-dark\((${colour}),\s*(${colour})\)`, 'g');

function parseColour(text: string): Triple {
  const [lightness, chroma, hue] = (text.match(/[\d.]+/g) ?? []).map(Number);
  if (lightness === undefined || chroma === undefined || hue === undefined)
    throw new Error(`no colour: ${text}`);
  return [lightness, chroma, hue];
}

const roles = new Map<string, { readonly light: Triple; readonly dark: Triple }>();
for (const match of sheet.matchAll(pair)) {
  const [light = '', dark = ''] = match[0].match(/oklch\([^)]*\)/g) ?? [];
  roles.set(match[1] ?? '', { light: parseColour(light), dark: parseColour(dark) });
}

function measure(theme: 'light' | 'dark', front: string, back: string): number {
  const one = roles.get(front)?.[theme];
  const other = roles.get(back)?.[theme];
  if (one === undefined || other === undefined) throw new Error(`no such role: ${front} or ${back}`);
  return contrast(one, other);
}

const grounds = ['canvas', 'surface', 'raised', 'hover'] as const;
const texts: readonly (readonly [string, string])[] = [
  ...grounds.flatMap((ground) => [
    ['ink', ground] as const,
    ['ink-soft', ground] as const,
    ['accent-text', ground] as const,
  ]),
  ...(['canvas', 'surface'] as const).flatMap((ground) => [
    ['bad', ground] as const,
    ['good', ground] as const,
    ['warn', ground] as const,
  ]),
  ['accent-ink', 'accent'],
  ['accent-ink', 'accent-hover'],
  ['accent-text', 'accent-soft'],
  ['ink', 'accent-soft'],
  ['ink', 'bad-soft'],
  ['bad', 'bad-soft'],
  ['bad-ink', 'bad-fill'],
  ['bad-ink', 'bad-fill-hover'],
];

// Edges of what can be pressed or filled in, marks that carry a meaning (WCAG 1.4.11).
const marks: readonly (readonly [string, string])[] = [
  ['edge', 'canvas'],
  ['edge', 'surface'],
  ['edge', 'raised'],
  ['accent', 'canvas'],
  ['bad-fill', 'canvas'],
];

describe.each(['light', 'dark'] as const)('the %s theme', (theme) => {
  it.each(texts)('can be read: %s on %s', (front, back) => {
    expect(measure(theme, front, back)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(marks)('can be seen: %s on %s', (front, back) => {
    expect(measure(theme, front, back)).toBeGreaterThanOrEqual(3);
  });
});

describe('the stage, dark in both themes', () => {
  it.each(['ink', 'ink-soft', 'accent-text', 'bad'])(
    'lets %s be read on its tiles and its ground',
    (front) => {
      expect(measure('dark', front, 'stage')).toBeGreaterThanOrEqual(4.5);
      expect(measure('dark', front, 'tile')).toBeGreaterThanOrEqual(4.5);
    },
  );

  it('has the same ground in both themes', () => {
    expect(roles.get('stage')?.light).toEqual(roles.get('stage')?.dark);
  });

  it('lets the speaking ring be seen', () => {
    expect(measure('dark', 'speaking', 'stage')).toBeGreaterThanOrEqual(3);
    expect(measure('dark', 'speaking', 'tile')).toBeGreaterThanOrEqual(3);
  });
});

it('reads every colour of the sheet', () => {
  const declared = sheet.match(/--[a-z-]+:\s*light-dark\(oklch\([\d. ]+\)/g) ?? [];
  expect(roles.size).toBe(declared.length);
  expect(roles.size).toBeGreaterThan(20);
});

it('computes black on white as 21 to 1', () => {
  expect(contrast([0, 0, 0], [1, 0, 0])).toBeCloseTo(21, 1);
});
