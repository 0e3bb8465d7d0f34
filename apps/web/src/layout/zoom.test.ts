import { describe, expect, it } from 'vitest';
import { mostZoom, panBy, wholePicture, zoomBy } from './zoom.ts';

const box = { width: 800, height: 400 };
const middle = { x: 0, y: 0 };

describe('zooming', () => {
  it('keeps what is under the pointer where it is', () => {
    const point = { x: 200, y: -100 };
    const zoomed = zoomBy(wholePicture, 2, point, box);
    expect(zoomed).toEqual({ scale: 2, x: -200, y: 100 });
    // A point of the picture at `point` before: (point - x) / scale.
    expect((point.x - zoomed.x) / zoomed.scale).toBe(point.x);
    expect((point.y - zoomed.y) / zoomed.scale).toBe(point.y);
  });

  it('goes neither below the whole picture nor beyond its limit', () => {
    expect(zoomBy(wholePicture, 0.5, middle, box)).toEqual(wholePicture);
    expect(zoomBy(wholePicture, 100, middle, box).scale).toBe(mostZoom);
  });

  it('comes back to the whole picture from wherever it was', () => {
    const far = panBy(zoomBy(wholePicture, 4, { x: 300, y: 100 }, box), { x: -500, y: -500 }, box);
    expect(zoomBy(far, 0.01, { x: 100, y: 50 }, box)).toEqual(wholePicture);
  });
});

describe('moving', () => {
  it('stops at the edges of the picture', () => {
    const zoomed = zoomBy(wholePicture, 2, middle, box);
    expect(panBy(zoomed, { x: 10_000, y: -10_000 }, box)).toEqual({ scale: 2, x: 400, y: -200 });
    expect(panBy(zoomed, { x: 30, y: 20 }, box)).toEqual({ scale: 2, x: 30, y: 20 });
  });

  it('does nothing to the whole picture', () => {
    expect(panBy(wholePicture, { x: 50, y: 50 }, box)).toEqual(wholePicture);
  });
});
