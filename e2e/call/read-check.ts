import type { Guest } from '../browser/guest.ts';
import { until } from '../until.ts';

/** Five ways one after the other, of which a silent one takes its time. */
const checkedWithinMs = 60_000;

/** What the page of the check shows. */
export interface Seen {
  readonly verdict: string | undefined;
  /** How each row came out. */
  readonly rows: Readonly<Record<string, string>>;
  readonly report: string;
}

/** Reads the page of the check as it is now. */
export function look(guest: Guest): Promise<Seen> {
  return guest.evaluate(() => {
    const rows = [...document.querySelectorAll<HTMLElement>('[data-check]')];
    return {
      verdict: document.querySelector<HTMLElement>('[data-verdict]')?.dataset['verdict'],
      rows: Object.fromEntries(rows.map(({ dataset }) => [dataset['check'] ?? '', dataset['state'] ?? ''])),
      report: document.querySelector('textarea')?.value ?? '',
    };
  }, undefined);
}

/** Waits until all ways were tried. */
export function whenChecked(guest: Guest): Promise<Seen> {
  return until(
    'the verdict of the check',
    async () => {
      const seen = await look(guest);
      const isDone = seen.verdict !== undefined && seen.verdict !== 'running';
      return isDone ? { found: true, value: seen } : { found: false, seen };
    },
    checkedWithinMs,
  );
}
