import type { Box } from '../../layout/arrange-tiles.ts';
import { wantedCameraSide, wantedScreenSide } from '../../layout/wanted-size.ts';
import { screenKey } from './stage-items.ts';

/** What is shown outside of the page, and how large. */
export interface SmallView {
  /** Key of an item of the stage. */
  readonly key: string;
  readonly box: Box;
  readonly density: number;
}

export interface Views {
  /** Whether the page can be seen. */
  readonly isSeen: boolean;
  /** The tiles on the stage, by the keys of their items. */
  readonly places: ReadonlyMap<string, Box>;
  /** The keys of those in the spotlight. */
  readonly large: ReadonlySet<string>;
  readonly density: number;
  readonly small: SmallView | null;
}

/** The shorter side of each picture, in pixels; 0: not wanted. */
export interface Want {
  readonly camera: number;
  readonly screen: number;
}

/** How large the pictures of a participant have to be for all places in which they are shown. */
export function listWants(id: string, { isSeen, places, large, density, small }: Views): Want {
  const onPage = (key: string) => (isSeen ? (places.get(key) ?? null) : null);
  const beside = (key: string) => (small?.key === key ? small.box : null);
  const screen = screenKey(id);
  const densityBeside = small?.density ?? density;
  return {
    camera: Math.max(wantedCameraSide(onPage(id), density), wantedCameraSide(beside(id), densityBeside)),
    screen: Math.max(
      wantedScreenSide(onPage(screen), large.has(screen), density),
      wantedScreenSide(beside(screen), false, densityBeside),
    ),
  };
}
