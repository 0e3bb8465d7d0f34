/** Whether the voice loses so much on its way to one participant that it is worth sending twice. */
export interface VoiceLoss {
  readonly isHigh: boolean;
  /** Looks in a row that say otherwise. */
  readonly doubts: number;
}

export const noVoiceLoss: VoiceLoss = { isHigh: false, doubts: 0 };

/** From here on single gaps are heard, which Opus' own repair covers at the cost of its quality. */
const highShare = 0.03;
/** Below, nobody hears a difference. */
const lowShare = 0.01;
/** A change describes the connection anew, so it is not made for one burst; and back only when it has been well for long. */
const looksToBegin = 2;
const looksToEnd = 15;

/** One look more; a share that is null says nothing. */
export function stepVoiceLoss(loss: VoiceLoss, lossShare: number | null): VoiceLoss {
  if (lossShare === null) return loss;
  const { isHigh, doubts } = loss;
  const disagrees = isHigh ? lossShare < lowShare : lossShare > highShare;
  if (!disagrees) return doubts === 0 ? loss : { isHigh, doubts: 0 };
  const isOver = doubts + 1 >= (isHigh ? looksToEnd : looksToBegin);
  return isOver ? { isHigh: !isHigh, doubts: 0 } : { isHigh, doubts: doubts + 1 };
}
