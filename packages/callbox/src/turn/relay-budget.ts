/** What is kept of a budget between two runs. */
export interface BudgetState {
  /** The month that is counted, in UTC as bills are: `2026-11`. */
  readonly month: string;
  /** What the relay has sent in it. */
  readonly octets: number;
}

/** What has just become true and is worth a report. */
export type BudgetChange = 'nearly-used' | 'used-up' | 'renewed';

/** Counts what the relay sends in a calendar month against what it may. */
export interface RelayBudget {
  /**
   * Adds what has been sent since the last call.
   *
   * @param sentInAll octets since the start of the counters, never falling
   */
  readonly count: (sentInAll: number, nowMs: number) => BudgetChange | undefined;
  readonly isUsedUp: () => boolean;
  readonly state: () => BudgetState;
}

/** The operator is warned from here on. */
const WARNED_SHARE = 0.8;

/** The calendar month of an instant, in UTC. */
export function monthOf(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 7);
}

/**
 * @param limitOctets of one month; undefined counts without a limit
 * @param kept what an earlier run counted; of another month it is nothing
 */
export function createRelayBudget(
  limitOctets: number | undefined,
  kept: BudgetState | undefined,
  nowMs: number,
): RelayBudget {
  const limit = limitOctets ?? Number.POSITIVE_INFINITY;
  // A clock that was set back must not give a month twice, neither here nor below.
  const isKeptValid = kept !== undefined && kept.month >= monthOf(nowMs);
  let { month, octets } = isKeptValid ? kept : { month: monthOf(nowMs), octets: 0 };
  let counted = 0;
  // Reported when it is counted, so that a restart says it again.
  let reported: 'nothing' | 'nearly-used' | 'used-up' = 'nothing';

  return {
    count(sentInAll, atMs) {
      const sent = sentInAll - counted;
      counted = sentInAll;
      const current = monthOf(atMs);
      if (current > month) {
        const wasUsedUp = octets >= limit;
        month = current;
        octets = sent;
        reported = 'nothing';
        if (wasUsedUp && octets < limit) return 'renewed';
      } else {
        octets += sent;
      }
      if (octets >= limit && reported !== 'used-up') return (reported = 'used-up');
      if (octets >= limit * WARNED_SHARE && reported === 'nothing') return (reported = 'nearly-used');
      return undefined;
    },
    isUsedUp: () => octets >= limit,
    state: () => ({ month, octets }),
  };
}

/** Reads a kept state; undefined for what is none, which counts as nothing. */
export function parseBudgetState(text: string): BudgetState | undefined {
  const groups = /^(?<month>\d{4}-\d{2}) (?<octets>\d{1,16})\n?$/.exec(text)?.groups;
  const { month, octets } = groups ?? {};
  return month === undefined || octets === undefined ? undefined : { month, octets: Number(octets) };
}

/** One line: month and octets. */
export function encodeBudgetState({ month, octets }: BudgetState): string {
  return `${month} ${octets}\n`;
}
