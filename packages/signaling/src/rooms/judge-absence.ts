/** How long an absence may be, in milliseconds. */
export interface Patience {
  /** After which the others are told. */
  readonly tellAfterMs: number;
  /** After which the seat is given up. */
  readonly graceMs: number;
}

/** What is due for one who has been away since then. */
export function judgeAbsence(
  { sinceMs, isTold }: { readonly sinceMs: number; readonly isTold: boolean },
  nowMs: number,
  { tellAfterMs, graceMs }: Patience,
): 'wait' | 'tell' | 'give-up' {
  const awayMs = nowMs - sinceMs;
  if (awayMs >= graceMs) return 'give-up';
  return !isTold && awayMs >= tellAfterMs ? 'tell' : 'wait';
}
