import type { Box, Rect } from './arrange-tiles.ts';
import { narrowStage } from './narrow-stage.ts';

/** Few large ones, and the rest small beside them. */
export interface StripArrangement {
  /** What is left for the large ones. */
  readonly main: Rect;
  /** The places of the strip, from its first to its last. */
  readonly places: readonly Rect[];
}

// Wider than this, and a strip at the side costs the large picture less than one below it.
const sideRatio = 1.4;
const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);

/**
 * Takes a strip for up to `wanted` small tiles off a box: at the right of a wide box, at the bottom of any other. A strip
 * too short for all of them has fewer places.
 */
export function arrangeStrip(wanted: number, box: Box, gap: number): StripArrangement {
  const whole: Rect = { x: 0, y: 0, width: box.width, height: box.height };
  if (wanted === 0 || box.width <= 0 || box.height <= 0) return { main: whole, places: [] };
  return box.width / box.height > sideRatio
    ? arrangeAside(wanted, whole, gap)
    : arrangeBelow(wanted, whole, gap);
}

function arrangeAside(wanted: number, box: Rect, gap: number): StripArrangement {
  const width = Math.round(clamp(box.width * 0.18, 128, 244));
  const height = Math.round((width * 9) / 16);
  const count = Math.min(wanted, Math.max(1, Math.floor((box.height + gap) / (height + gap))));
  const top = Math.round((box.height - count * height - (count - 1) * gap) / 2);
  return {
    main: { ...box, width: box.width - width - gap },
    places: Array.from({ length: count }, (_, index) => ({
      x: box.width - width,
      y: top + index * (height + gap),
      width,
      height,
    })),
  };
}

function arrangeBelow(wanted: number, box: Rect, gap: number): StripArrangement {
  // On a phone more faces beat larger ones.
  const isNarrow = box.width < narrowStage;
  const height = Math.round(clamp(box.height * (isNarrow ? 0.14 : 0.17), 72, 150));
  const width = Math.round(Math.min(height * (isNarrow ? 0.9 : 4 / 3), box.width));
  const count = Math.min(wanted, Math.max(1, Math.floor((box.width + gap) / (width + gap))));
  const left = Math.round((box.width - count * width - (count - 1) * gap) / 2);
  return {
    main: { ...box, height: box.height - height - gap },
    places: Array.from({ length: count }, (_, index) => ({
      x: left + index * (width + gap),
      y: box.height - height,
      width,
      height,
    })),
  };
}
