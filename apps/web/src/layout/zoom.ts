import type { Box } from './arrange-tiles.ts';

/** How a picture is looked at: enlarged about the middle of its box, then moved by so many CSS pixels. */
export interface Zoom {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The whole picture, as it is. */
export const wholePicture: Zoom = { scale: 1, x: 0, y: 0 };

export const mostZoom = 6;

// Adding nothing makes the zero of a picture that cannot move an ordinary one.
const clamp = (value: number, most: number) => Math.min(Math.max(value, -most), most) + 0;

/** No further than until the picture's edge has come to the edge of the box. */
function keepInside({ scale, x, y }: Zoom, box: Box): Zoom {
  return {
    scale,
    x: clamp(x, ((scale - 1) * box.width) / 2),
    y: clamp(y, ((scale - 1) * box.height) / 2),
  };
}

/** Enlarges by `factor` so that what is at `point`, counted from the middle of the box, stays where it is. */
export function zoomBy(zoom: Zoom, factor: number, point: Point, box: Box): Zoom {
  const scale = Math.min(Math.max(zoom.scale * factor, 1), mostZoom);
  const grown = scale / zoom.scale;
  const moved = {
    scale,
    x: point.x - (point.x - zoom.x) * grown,
    y: point.y - (point.y - zoom.y) * grown,
  };
  return keepInside(moved, box);
}

export function panBy(zoom: Zoom, by: Point, box: Box): Zoom {
  return keepInside({ scale: zoom.scale, x: zoom.x + by.x, y: zoom.y + by.y }, box);
}
