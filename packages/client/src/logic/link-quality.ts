import type {
  LinkQuality,
  LinkStatistics,
  StreamsStatistics,
  StreamStatistics,
} from '../statistics-types.ts';

type Bars = LinkQuality['bars'];

/** How well one connection works, each way by itself. */
export interface LinkScore {
  readonly received: Bars;
  readonly sent: Bars;
}

/** A score that moves only when several looks in a row agree that it should. */
export interface SteadyScore extends LinkScore {
  readonly doubts: readonly LinkScore[];
}

export const newScore: SteadyScore = { received: 4, sent: 4, doubts: [] };

// Up to the first limit four bars are shown, up to the second three, and so on.
const lossLimits = [0.01, 0.03, 0.08, 0.15];
const roundTripLimits = [150, 300, 500, 1_000];
const freezeLimits = [0.02, 0.05, 0.12, 0.3];
const looksInARow = 3;

const streamsOf = ({ audio, camera, screen, screenAudio }: StreamsStatistics): readonly StreamStatistics[] =>
  [audio, camera, screen, screenAudio].filter((stream) => stream !== null);

function barsOf(value: number | null, limits: readonly number[]): Bars {
  if (value === null) return 4;
  const passed = limits.filter((limit) => value > limit).length;
  return Math.max(0, 4 - passed) as Bars;
}

function least(bars: readonly Bars[]): Bars {
  return bars.reduce((lowest, each) => (each < lowest ? each : lowest), 4);
}

/** What one look shows: the worst of loss, delay and standing pictures. */
export function scoreLink({ roundTripMs, received, sent }: LinkStatistics): LinkScore {
  const delay = barsOf(roundTripMs, roundTripLimits);
  const losses = (streams: StreamsStatistics) =>
    streamsOf(streams).map(({ lossShare }) => barsOf(lossShare, lossLimits));
  const freezes = streamsOf(received).map(({ freezeShare }) => barsOf(freezeShare, freezeLimits));
  return {
    received: least([delay, ...losses(received), ...freezes]),
    sent: least([delay, ...losses(sent)]),
  };
}

/** Takes one more look into account. */
export function steadyScore(score: SteadyScore, look: LinkScore): SteadyScore {
  if (look.received === score.received && look.sent === score.sent) {
    return score.doubts.length === 0 ? score : { ...score, doubts: [] };
  }
  const doubts = [...score.doubts, look];
  if (doubts.length < looksInARow) return { ...score, doubts };
  // What all of them agree on: the best of bad looks, the worst of good ones.
  return {
    received: agreed(
      score.received,
      doubts.map(({ received }) => received),
    ),
    sent: agreed(
      score.sent,
      doubts.map(({ sent }) => sent),
    ),
    doubts: [],
  };
}

function agreed(now: Bars, looks: readonly Bars[]): Bars {
  if (looks.every((look) => look < now)) return looks.reduce((best, look) => (look > best ? look : best), 0);
  if (looks.every((look) => look > now)) return least(looks);
  return now;
}

const badBars = 2;

/**
 * Whose network it is. What all of several connections suffer from is here; what one alone suffers from is there. Two
 * people alone cannot tell.
 */
export function judgeQuality<TId>(scores: ReadonlyMap<TId, LinkScore>): ReadonlyMap<TId, LinkQuality> {
  const worst = new Map(
    [...scores].map(([id, { received, sent }]) => [id, least([received, sent])] as const),
  );
  const bad = [...worst.values()].filter((bars) => bars <= badBars).length;
  const isHere = scores.size >= 2 && bad > scores.size / 2;
  return new Map(
    [...worst].map(([id, bars]) => {
      const blame = bars > badBars || scores.size < 2 ? null : isHere ? 'here' : 'there';
      return [id, { bars, blame }];
    }),
  );
}
