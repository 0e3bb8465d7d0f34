import type { CrewRule } from './crew-rule.ts';

/** What one process uses, and how much of that could be another's. In cores. */
export interface ProcessLoad {
  readonly cores: number;
  readonly movableCores: number;
}

/** Judges by what the processes use whether there should be more workers or fewer. What lasts a moment changes nothing. */
export class CrewDemand {
  readonly #most: number;
  readonly #rule: CrewRule;
  #busyLooks = 0;
  #calmLooks = 0;

  constructor(most: number, rule: CrewRule) {
    this.#most = most;
    this.#rule = rule;
  }

  /**
   * To be called at every look.
   *
   * @param main the server's own process.
   * @param workers those that carry calls now.
   * @param areComing workers that have been started and carry nothing yet.
   */
  look(main: ProcessLoad, workers: readonly ProcessLoad[], areComing: boolean): 'start' | 'end' | 'keep' {
    const rule = this.#rule;
    const all = [main, ...workers];
    const cores = all.reduce((sum, load) => sum + load.cores, 0);
    const movable = all.reduce((sum, load) => sum + load.movableCores, 0);
    const isBusy =
      all.some((load) => load.cores >= rule.busyCores) &&
      cores / all.length >= rule.busyAverageCores &&
      movable >= rule.movableCores;
    this.#busyLooks = isBusy ? this.#busyLooks + 1 : 0;
    const isCalm = workers.length > 0 && cores / workers.length < rule.calmCores;
    this.#calmLooks = isCalm ? this.#calmLooks + 1 : 0;
    if (areComing) return 'keep';
    if (this.#busyLooks >= rule.looksToStart && workers.length < this.#most) {
      this.#busyLooks = 0;
      return 'start';
    }
    if (this.#calmLooks >= rule.looksToEnd) {
      this.#calmLooks = 0;
      return 'end';
    }
    return 'keep';
  }
}
