import { arrangePair } from './arrange-pair.ts';
import { arrangeStrip } from './arrange-strip.ts';
import { arrangeTiles, type Box, type Rect } from './arrange-tiles.ts';
import { cornerRect, type Corner } from './corner.ts';
import { narrowStage } from './narrow-stage.ts';

export interface StageOptions {
  readonly box: Box;
  /** Others in the room, those in the spotlight left out. */
  readonly others: number;
  /** How many are shown large: shared screens, who is pinned, or who speaks. */
  readonly spotlight: number;
  /** Width over height of each of those; without, they are taken to be alike. */
  readonly spotlightRatios?: readonly number[];
  /** The page that is wanted, from 0; the last one when there are not so many. */
  readonly page: number;
  readonly selfHidden: boolean;
  readonly selfCorner: Corner;
  /** Width over height of this person's picture. */
  readonly selfRatio: number;
}

export interface StageArrangement {
  /** This person's tile; null when it is hidden. */
  readonly self: Rect | null;
  /** True when that tile lies over the others, in a corner. */
  readonly selfFloats: boolean;
  readonly spotlight: readonly Rect[];
  /** The places of the others that this page shows, the first of them being number `first`. */
  readonly others: readonly Rect[];
  readonly first: number;
  readonly page: number;
  readonly pages: number;
  /** The card that invites, when nobody else is here. */
  readonly invitation: Rect | null;
}

type Placed = Omit<StageArrangement, 'spotlight' | 'invitation'>;

// More faces than this on one page are too many to look at, however large the window.
const mostOnPage = 25;
const noCorner = 10_000;
const gapOf = (box: Box) => (box.width < narrowStage ? 6 : 10);

function ratiosOf(box: Box, count: number): { minRatio: number; maxRatio: number } {
  // One face fills whatever there is, as in a telephone's own calls; several are kept from becoming slits.
  if (count === 1) return { minRatio: 0.42, maxRatio: 2.2 };
  return { minRatio: box.width < box.height ? 0.6 : 4 / 3, maxRatio: 16 / 9 };
}

function grid(count: number, box: Box): readonly Rect[] {
  return arrangeTiles(count, box, { gap: gapOf(box), ...ratiosOf(box, count) });
}

/** Where there are several pages, what turns them has a line of its own. */
const pagerHeight = 52;
const abovePager = (box: Box): Box => ({ ...box, height: Math.max(0, box.height - pagerHeight) });

/** How many of `others` a page can hold before faces become too small to read. */
export function pageCapacity(box: Box, others: number): number {
  const whole = capacityOf(box);
  return others <= whole ? whole : capacityOf(abovePager(box));
}

function capacityOf(box: Box): number {
  const least = box.width < narrowStage ? { width: 140, height: 150 } : { width: 186, height: 116 };
  for (let count = mostOnPage; count > 1; count -= 1) {
    const [tile] = grid(count, box);
    if (tile !== undefined && tile.width >= least.width && tile.height >= least.height) return count;
  }
  return 1;
}

function pageOf(count: number, perPage: number, wanted: number): Pick<Placed, 'first' | 'page' | 'pages'> {
  const pages = Math.max(1, Math.ceil(count / perPage));
  const page = Math.min(Math.max(0, wanted), pages - 1);
  return { first: page * perPage, page, pages };
}

/** Alone on a narrow stage: the card takes what it needs at the bottom, the picture the rest. */
function alone(box: Box, selfHidden: boolean): Pick<StageArrangement, 'self' | 'invitation'> {
  if (selfHidden) return { self: null, invitation: grid(1, box)[0] ?? null };
  if (box.width >= narrowStage && box.width > box.height * 0.9) {
    const [self = null, invitation = null] = grid(2, box);
    return { self, invitation };
  }
  const gap = gapOf(box);
  const height = Math.max(120, Math.round(box.height - 268 - gap));
  return {
    self: { x: 0, y: 0, width: box.width, height },
    invitation: { x: 0, y: height + gap, width: box.width, height: box.height - height - gap },
  };
}

function placeGrid({ box: whole, others, page, selfHidden, selfCorner, selfRatio }: StageOptions): Placed {
  const capacity = pageCapacity(whole, others);
  const box = others > capacity ? abovePager(whole) : whole;
  // One other person has the stage alone, and on a phone so have two; beyond that a corner would cover somebody. Where
  // there are several pages, the corner is the one place that is on each of them.
  const few = others <= (box.width < narrowStage ? 2 : 1);
  const selfFloats = !selfHidden && (few || others + 1 > capacity);
  if (selfHidden || selfFloats) {
    const turned = pageOf(others, capacity, page);
    return {
      ...turned,
      self: selfFloats ? cornerRect(box, selfCorner, selfRatio) : null,
      selfFloats,
      others: grid(Math.min(capacity, others - turned.first), box),
    };
  }
  const [self = null, ...rest] = grid(others + 1, box);
  return { self, selfFloats, others: rest, first: 0, page: 0, pages: 1 };
}

function placeLarge(
  { spotlight, spotlightRatios = [] }: StageOptions,
  main: Box,
  gap: number,
): readonly Rect[] {
  const [one, other] = spotlightRatios;
  if (spotlight === 2 && one !== undefined && other !== undefined) {
    return arrangePair([one, other], main, gap);
  }
  return arrangeTiles(spotlight, main, { gap, minRatio: 1 / noCorner, maxRatio: noCorner });
}

function placeSpotlight(options: StageOptions): StageArrangement {
  const { box, others, selfHidden, selfCorner, selfRatio } = options;
  const gap = gapOf(box);
  const selfFloats = !selfHidden && others === 0;
  const ownPlaces = selfHidden || selfFloats ? 0 : 1;
  const all = arrangeStrip(others === 0 ? 0 : others + ownPlaces, box, gap);
  // Oneself has the first place of the strip on each of its pages, where there is more than that one.
  const hasOwnPlace = ownPlaces === 1 && all.places.length > 1;
  const perPage = Math.max(1, all.places.length - (hasOwnPlace ? 1 : 0));
  const turned = pageOf(others, perPage, options.page);
  const here = Math.min(perPage, others - turned.first);
  const [first = null, ...rest] = all.places;
  return {
    ...turned,
    self: selfFloats ? cornerRect(box, selfCorner, selfRatio) : hasOwnPlace ? first : null,
    selfFloats,
    spotlight: placeLarge(options, all.main, gap),
    others: (hasOwnPlace ? rest : all.places).slice(0, here),
    invitation: null,
  };
}

/** Decides where everything on the stage goes. Pure. */
export function arrangeStage(options: StageOptions): StageArrangement {
  if (options.spotlight > 0) return placeSpotlight(options);
  if (options.others === 0) {
    const first = { first: 0, page: 0, pages: 1 };
    return {
      ...alone(options.box, options.selfHidden),
      ...first,
      selfFloats: false,
      spotlight: [],
      others: [],
    };
  }
  return { ...placeGrid(options), spotlight: [], invitation: null };
}
