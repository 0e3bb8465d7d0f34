import { makeScenario, mutateScenario, pick, type Random } from './make-scenario.ts';
import { playScenario, type Played } from './play-scenario.ts';
import { SIGNING_KINDS, type Scenario } from './scenario.ts';

/** What should never have happened, and how it came about. */
export interface Finding {
  readonly finding: string;
  readonly scenario: Scenario;
}

/** Of those that led to something new, so many are remembered to be changed further. */
const MAX_REMEMBERED = 5000;
const SIGNING_PATTERN = new RegExp(` (?:${SIGNING_KINDS.join('|')}) `, 'u');

/** Plays scenarios: fresh ones, and changed ones of those that led to something new. */
export class Explorer {
  readonly findings: Finding[] = [];
  scenarios = 0;
  messages = 0;
  readonly #random: Random;
  readonly #seen = new Set<string>();
  readonly #remembered: Scenario[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** How many different things one step has led to after another. */
  get features(): number {
    return this.#seen.size;
  }

  /** Plays one more, its own idea or the given one. */
  play(given?: Scenario): void {
    const random = this.#random;
    const isFresh = this.#remembered.length === 0 || random(4) === 0;
    const scenario =
      given ?? (isFresh ? makeScenario(random) : mutateScenario(random, pick(random, this.#remembered)));
    const played = playOrCatch(scenario);
    this.scenarios += 1;
    this.messages += scenario.filter(({ kind }) => kind === 'message').length;
    for (const finding of played.findings) this.findings.push({ finding, scenario });
    const isNew = played.features.some((feature) => !this.#seen.has(feature));
    for (const feature of played.features) this.#seen.add(feature);
    if (!isNew) return;
    const place = this.#remembered.length < MAX_REMEMBERED ? this.#remembered.length : random(MAX_REMEMBERED);
    this.#remembered[place] = scenario;
  }

  /** Beginnings of few of the remembered ones that show, between them, every answer and change that any of them led to. */
  distill(): readonly Scenario[] {
    const shown = new Set<string>();
    const kept: Scenario[] = [];
    // The shortest ways first: what a long one adds comes at its end.
    for (const scenario of this.#remembered.toSorted((a, b) => a.length - b.length)) {
      const results = playOrCatch(scenario).features.map(resultOf);
      const last = results.findLastIndex((result) => !shown.has(result));
      if (last === -1) continue;
      kept.push(scenario.slice(0, last + 1));
      for (const result of results.slice(0, last + 1)) shown.add(result);
    }
    return kept;
  }
}

/** Of a feature what happened, without what was before and how a message was signed. */
function resultOf(feature: string): string {
  return feature.replace(/^.* > /u, '').replace(SIGNING_PATTERN, '');
}

/** What makes something throw is a finding too. */
function playOrCatch(scenario: Scenario): Played {
  try {
    return playScenario(scenario);
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { features: [], findings: [`threw ${what}`] };
  }
}
