import { DEFAULT_MOVE_RULE, type MoveRule } from './crew-rule.ts';

/** Relays that are moved together or not at all. */
export interface Unit<R> {
  readonly relays: readonly R[];
  /** What they cost whoever carries them. */
  readonly cores: number;
}

/** A process, what it uses altogether, and the relays that it carries. */
export interface Carrier<C, R> {
  readonly name: C;
  readonly cores: number;
  readonly units: readonly Unit<R>[];
}

export interface Move<C, R> {
  readonly unit: Unit<R>;
  readonly to: C;
}

/** The measured loads are a moment old: what is still uneven then is seen at the next look. */
const MAX_MOVES = 64;

interface Draft<C, R> {
  readonly name: C;
  cores: number;
  units: readonly Unit<R>[];
}

/** Who should carry what instead, so that the busiest is less busy. Nothing when it is even enough. */
export function planMoves<C, R>(
  carriers: readonly Carrier<C, R>[],
  rule: MoveRule = DEFAULT_MOVE_RULE,
): readonly Move<C, R>[] {
  const drafts = carriers.map(({ name, cores, units }): Draft<C, R> => ({ name, cores, units }));
  const moves: Move<C, R>[] = [];
  while (moves.length < MAX_MOVES) {
    const sorted = drafts.toSorted((a, b) => a.cores - b.cores);
    const [idlest, busiest] = [sorted[0], sorted.at(-1)];
    if (idlest === undefined || busiest === undefined || busiest.cores < rule.atEaseCores) break;
    const gap = busiest.cores - idlest.cores;
    const unit = gap < rule.minGapCores ? undefined : chooseUnit(busiest.units, gap);
    if (unit === undefined) break;
    moves.push({ unit, to: idlest.name });
    busiest.cores -= unit.cores;
    busiest.units = busiest.units.filter((other) => other !== unit);
    // Not added to the units of the other one: nothing is moved twice.
    idlest.cores += unit.cores;
  }
  return moves.reduce((sum, { unit }) => sum + unit.cores, 0) < rule.minMovedCores ? [] : moves;
}

/** Shares out all that one process carries among others, each time to the idlest. */
export function planLeaving<C, R>(
  units: readonly Unit<R>[],
  others: readonly Carrier<C, R>[],
): readonly Move<C, R>[] {
  const drafts = others.map(({ name, cores }) => ({ name, cores }));
  return units.flatMap((unit) => {
    const [idlest] = drafts.toSorted((a, b) => a.cores - b.cores);
    if (idlest === undefined) return [];
    idlest.cores += unit.cores;
    return [{ unit, to: idlest.name }];
  });
}

/** The largest that does not turn the difference round; else the smallest that at least makes it smaller. */
function chooseUnit<R>(units: readonly Unit<R>[], gap: number): Unit<R> | undefined {
  let largest: Unit<R> | undefined;
  let smallest: Unit<R> | undefined;
  for (const unit of units) {
    if (unit.cores <= 0) continue;
    if (unit.cores <= gap / 2) {
      if (largest === undefined || unit.cores > largest.cores) largest = unit;
    } else if (unit.cores < gap * 0.8 && (smallest === undefined || unit.cores < smallest.cores)) {
      smallest = unit;
    }
  }
  return largest ?? smallest;
}
