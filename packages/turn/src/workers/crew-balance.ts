import type { RelayId } from '../plane/route-change.ts';
import { CrewDemand, type ProcessLoad } from './crew-demand.ts';
import { DEFAULT_CREW_RULE, DEFAULT_MOVE_RULE, type CrewSize } from './crew-rule.ts';
import { LoadMeter } from './load-meter.ts';
import { planLeaving, planMoves, type Carrier, type Move, type Unit } from './plan-moves.ts';
import { RelayPace } from './relay-pace.ts';

/** Below this, while there are no workers, nothing is asked about single relays. */
const QUIET_CORES = 0.3;
/** However busy a process is with other things, a packet is not thought to cost more. */
const MAX_SECONDS_PER_PACKET = 25e-6;

/** A worker, as far as its load goes. */
export interface BalancedWorker {
  /** It carries calls or could. */
  readonly isReady: boolean;
  /** It has been started and has not begun yet. */
  readonly isComing: boolean;
  readonly cores: number;
}

/** A relay, as far as its load goes. */
export interface BalancedRelay {
  readonly id: RelayId;
  /** The same object for all relays of one account. */
  readonly share: object;
}

/** Who carries what now; undefined is the server's own process. */
export interface CrewWork<W, R> {
  readonly workers: readonly W[];
  /** What workers carry or could. */
  readonly relays: ReadonlyMap<RelayId, R>;
  readonly carrierOf: (relay: R) => W | undefined;
  readonly packetsOf: (relay: R) => number;
  /** True when relays of one account have to stay in one process. */
  readonly staysTogether: boolean;
}

/** What is to be done: relays to be moved, a worker to be started, or one to be ended once its relays are with others. */
export interface CrewPlan<W, R> {
  readonly moves: readonly Move<W | undefined, R>[];
  readonly starts: boolean;
  readonly ends: W | undefined;
}

/** Shares the work out by what processes use, which is measured, and by what relays are likely to cost, by their packets. */
export class CrewBalance<W extends BalancedWorker, R extends BalancedRelay> {
  readonly #size: CrewSize;
  readonly #demand: CrewDemand | undefined;
  readonly #usedMs: () => number;
  readonly #main: LoadMeter;
  readonly #pace = new RelayPace();
  /** After a change the next figures are of the time before as well. */
  #isSettling = false;

  /** @param usedMs the processor time of this process so far. */
  constructor(size: CrewSize, usedMs: () => number, nowMs: number) {
    this.#size = size;
    if (size.kind === 'by-load') this.#demand = new CrewDemand(size.most, size.rule ?? DEFAULT_CREW_RULE);
    this.#usedMs = usedMs;
    this.#main = new LoadMeter(usedMs(), nowMs);
  }

  /** How much of a core the server's own process used between the last two looks. */
  get mainCores(): number {
    return this.#main.cores;
  }

  /** To be called now and then. */
  look(work: CrewWork<W, R>, nowMs: number): CrewPlan<W, R> {
    const nothing: CrewPlan<W, R> = { moves: [], starts: false, ends: undefined };
    this.#main.look(this.#usedMs(), nowMs);
    const ready = work.workers.filter(({ isReady }) => isReady);
    const areComing = work.workers.some(({ isComing }) => isComing);
    if (ready.length === 0 && this.#isQuiet()) {
      this.#pace.forget();
      this.#demand?.look({ cores: this.#main.cores, movableCores: 0 }, [], areComing);
      return nothing;
    }
    const [main, ...others] = this.#carriers(ready, work, nowMs);
    if (main === undefined) return nothing;
    const change = this.#demand?.look(loadOf(main), others.map(loadOf), areComing) ?? 'keep';
    if (change === 'end') return planEnd(main, others);
    if (change === 'start') return { ...nothing, starts: true };
    if (this.#isSettling) {
      this.#isSettling = false;
      return nothing;
    }
    // Where there are always workers, the server's own process has control and connections to itself.
    const moves =
      this.#size.kind === 'fixed'
        ? planMoves(others)
        : planMoves([main, ...others], this.#size.moveRule ?? DEFAULT_MOVE_RULE);
    this.#isSettling = moves.length > 0;
    return { ...nothing, moves };
  }

  #isQuiet(): boolean {
    const busyCores = this.#size.kind === 'by-load' ? this.#size.rule?.busyCores : undefined;
    return this.#main.cores < Math.min(QUIET_CORES, busyCores ?? QUIET_CORES);
  }

  /** The server's own process, then the workers. */
  #carriers(ready: readonly W[], work: CrewWork<W, R>, nowMs: number): readonly Carrier<W | undefined, R>[] {
    const paces = this.#pace.look(work.relays.values(), work.packetsOf, nowMs);
    const groups = new Map<W | undefined, Map<unknown, R[]>>();
    for (const relay of work.relays.values()) {
      const carrier = work.carrierOf(relay);
      const units = groups.get(carrier) ?? new Map<unknown, R[]>();
      groups.set(carrier, units);
      const key = work.staysTogether ? relay.share : relay;
      const unit = units.get(key);
      if (unit === undefined) units.set(key, [relay]);
      else unit.push(relay);
    }
    return [undefined, ...ready].map((name) => {
      const cores = name === undefined ? this.#main.cores : name.cores;
      const units = [...(groups.get(name)?.values() ?? [])].map((relays) => ({
        relays,
        pace: relays.reduce((sum, { id }) => sum + (paces.get(id) ?? 0), 0),
      }));
      const pace = units.reduce((sum, unit) => sum + unit.pace, 0);
      const secondsPerPacket = pace === 0 ? 0 : Math.min(MAX_SECONDS_PER_PACKET, cores / pace);
      return {
        name,
        cores,
        units: units.map((unit): Unit<R> => ({
          relays: unit.relays,
          cores: unit.pace * secondsPerPacket,
        })),
      };
    });
  }
}

function loadOf<W, R>({ cores, units }: Carrier<W, R>): ProcessLoad {
  return { cores, movableCores: units.reduce((sum, unit) => sum + unit.cores, 0) };
}

/** Ends the one that uses least. */
function planEnd<W, R>(
  main: Carrier<W | undefined, R>,
  others: readonly Carrier<W | undefined, R>[],
): CrewPlan<W, R> {
  const [leaving, ...staying] = others.toSorted((a, b) => a.cores - b.cores);
  if (leaving === undefined) return { moves: [], starts: false, ends: undefined };
  const moves = planLeaving(leaving.units, [main, ...staying]);
  return { moves, starts: false, ends: leaving.name };
}
