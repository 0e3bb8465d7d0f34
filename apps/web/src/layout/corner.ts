import type { Box, Rect } from './arrange-tiles.ts';
import { narrowStage } from './narrow-stage.ts';

export const corners = ['bottom-right', 'bottom-left', 'top-left', 'top-right'] as const;
/** Where this person's own picture floats over the others. */
export type Corner = (typeof corners)[number];

/** The rectangle of the floating self view in a corner of the stage. */
export function cornerRect(box: Box, corner: Corner, ratio: number): Rect {
  const margin = box.width < narrowStage ? 10 : 16;
  const shape = Math.min(Math.max(ratio, 3 / 4), 16 / 9);
  // The longer side is what the eye takes for its size.
  const wanted = Math.min(box.width, box.height * 1.6) * 0.2;
  // On a low stage it must not hide the whole of who is behind it.
  const least = Math.min(132, Math.max(88, box.height * 0.4));
  const longer = Math.round(Math.min(Math.max(wanted, least), 248));
  const width = Math.round(shape >= 1 ? longer : longer * shape);
  const height = Math.round(width / shape);
  return {
    width,
    height,
    x: corner.endsWith('right') ? box.width - width - margin : margin,
    y: corner.startsWith('bottom') ? box.height - height - margin : margin,
  };
}

/** The corner to which a tile with this centre belongs. */
export function nearestCorner(box: Box, centre: { readonly x: number; readonly y: number }): Corner {
  const vertical = centre.y > box.height / 2 ? 'bottom' : 'top';
  return `${vertical}-${centre.x > box.width / 2 ? 'right' : 'left'}`;
}

/** The corner after this one, clockwise. */
export function nextCorner(corner: Corner): Corner {
  return corners[(corners.indexOf(corner) + 1) % corners.length] ?? corner;
}
