/** When the load asks for another worker, and when it does with one fewer. Loads are in cores: 1 is one core, used all the time. */
export interface CrewRule {
  /** Another worker is started when a process uses so much, */
  readonly busyCores: number;
  /** all of them use so much on average: else it is enough to share it out anew, */
  readonly busyAverageCores: number;
  /** so much of it is calls that a worker can take, */
  readonly movableCores: number;
  /** and all that has been so for so many looks in a row. */
  readonly looksToStart: number;
  /** One is ended when the rest would use less than this on average, */
  readonly calmCores: number;
  /** for so many looks in a row. */
  readonly looksToEnd: number;
}

/** When calls are moved between processes that are there. In cores. */
export interface MoveRule {
  /** Below this nobody is in need of help, */
  readonly atEaseCores: number;
  /** a smaller difference is not worth a move, */
  readonly minGapCores: number;
  /** nor are moves that together move less: what makes the busiest busy is something else then. */
  readonly minMovedCores: number;
}

export const DEFAULT_MOVE_RULE: MoveRule = { atEaseCores: 0.4, minGapCores: 0.2, minMovedCores: 0.1 };

/** Looks are half a second apart: after a second and a half of work there is help, after half a minute of calm it goes. */
export const DEFAULT_CREW_RULE: CrewRule = {
  busyCores: 0.6,
  busyAverageCores: 0.45,
  movableCores: 0.15,
  looksToStart: 3,
  calmCores: 0.25,
  looksToEnd: 60,
};

/** Always so many workers, or as many as the load asks for, none at first. */
export type CrewSize =
  | { readonly kind: 'fixed'; readonly workers: number }
  | {
      readonly kind: 'by-load';
      readonly most: number;
      readonly rule?: CrewRule;
      readonly moveRule?: MoveRule;
    };
