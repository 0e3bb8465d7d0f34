import { arrangeTiles, type Box, type Rect } from './arrange-tiles.ts';
import { cornerRect, type Corner } from './corner.ts';
import { narrowStage } from './narrow-stage.ts';

export interface StageOptions {
  readonly box: Box;
  /** Others in the room. */
  readonly others: number;
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
  readonly others: readonly Rect[];
  /** The card that invites, when nobody else is here. */
  readonly invitation: Rect | null;
}

const gapOf = (box: Box) => (box.width < narrowStage ? 6 : 10);

function ratiosOf(box: Box, count: number): { minRatio: number; maxRatio: number } {
  // One face fills whatever there is, as in a telephone's own calls; several are kept from becoming slits.
  if (count === 1) return { minRatio: 0.42, maxRatio: 2.2 };
  return { minRatio: box.width < box.height ? 0.6 : 4 / 3, maxRatio: 16 / 9 };
}

function grid(count: number, box: Box): readonly Rect[] {
  return arrangeTiles(count, box, { gap: gapOf(box), ...ratiosOf(box, count) });
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

/** Decides where everything on the stage goes. Pure. */
export function arrangeStage(options: StageOptions): StageArrangement {
  const { box, others, selfHidden, selfCorner, selfRatio } = options;
  if (others === 0) return { ...alone(box, selfHidden), selfFloats: false, others: [] };
  // One other person has the stage alone, and on a phone so have two; beyond that a corner would cover somebody.
  const selfFloats = !selfHidden && others <= (box.width < narrowStage ? 2 : 1);
  if (selfHidden || selfFloats) {
    return {
      self: selfFloats ? cornerRect(box, selfCorner, selfRatio) : null,
      selfFloats,
      others: grid(others, box),
      invitation: null,
    };
  }
  const [self = null, ...rest] = grid(others + 1, box);
  return { self, selfFloats, others: rest, invitation: null };
}
