/** A rectangle in CSS pixels from the top left corner of the stage. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Box {
  readonly width: number;
  readonly height: number;
}

export interface ArrangeOptions {
  readonly gap: number;
  /** Width over height of the narrowest and of the widest tile. Pictures are cropped to the tile. */
  readonly minRatio: number;
  readonly maxRatio: number;
}

// A hole in the grid looks unfinished, but a much larger face is worth one.
const emptyCellPenalty = 0.15;

/** The largest box of an allowed ratio inside a cell. */
function fitRatio(cell: Box, minRatio: number, maxRatio: number): Box {
  const ratio = Math.min(Math.max(cell.width / cell.height, minRatio), maxRatio);
  const width = Math.min(cell.width, cell.height * ratio);
  return { width, height: width / ratio };
}

/**
 * Places `count` equal tiles in a box: as large as they can be, with as few holes as is worth it, the last row centred.
 * Tries every number of columns, so it is exact; for 25 people that is 25 divisions.
 */
export function arrangeTiles(count: number, box: Box, options: ArrangeOptions): readonly Rect[] {
  if (count === 0 || box.width <= 0 || box.height <= 0) return [];
  const { gap, minRatio, maxRatio } = options;
  let best = { score: -1, columns: 1, tile: { width: 0, height: 0 } };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const cell = {
      width: Math.max(0, (box.width - gap * (columns - 1)) / columns),
      height: Math.max(0, (box.height - gap * (rows - 1)) / rows),
    };
    if (cell.width === 0 || cell.height === 0) continue;
    const tile = fitRatio(cell, minRatio, maxRatio);
    const cells = columns * rows;
    const score = tile.width * tile.height * (1 - (emptyCellPenalty * (cells - count)) / cells);
    if (score > best.score) best = { score, columns, tile };
  }
  return place(count, best.columns, best.tile, box, gap);
}

function place(count: number, columns: number, tile: Box, box: Box, gap: number): readonly Rect[] {
  const rows = Math.ceil(count / columns);
  // Whole pixels; the rounding of a division must not cost one.
  const width = Math.floor(tile.width + 0.001);
  const height = Math.floor(tile.height + 0.001);
  const top = (box.height - rows * height - (rows - 1) * gap) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const left = (box.width - inRow * width - (inRow - 1) * gap) / 2;
    return {
      x: Math.round(left + (index % columns) * (width + gap)),
      y: Math.round(top + row * (height + gap)),
      width,
      height,
    };
  });
}
