import type { Logger } from '@callbox/turn';
import type { DataDirectory } from '../data-directory.ts';
import {
  createRelayBudget,
  encodeBudgetState,
  parseBudgetState,
  type BudgetChange,
  type BudgetState,
} from './relay-budget.ts';

const fileName = 'relay-budget';
/** How often the counters are read: what may be sent beyond the limit before anybody notices. */
const countMs = 5_000;
/** How often, at most, the count is written: what a crash forgets. */
const writeMs = 60_000;

export interface BudgetKeeperOptions {
  /** Octets of one month; undefined counts without a limit. */
  readonly limitOctets: number | undefined;
  readonly directory: DataDirectory;
  /** Octets sent since the start, never falling. */
  readonly sentInAll: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The budget has just been used up, or is there again. */
  readonly onChange: () => void;
  readonly logger: Logger;
}

/** A budget that is kept in the data directory and counts by itself. */
export interface BudgetKeeper {
  readonly isUsedUp: () => boolean;
  readonly state: () => BudgetState;
  /** Counts now; called by itself every few seconds. Resolves when what had to be written is. */
  readonly count: () => Promise<void>;
  /** Counts and writes for the last time. */
  readonly stop: () => Promise<void>;
}

const reports: Readonly<Record<BudgetChange, string>> = {
  'nearly-used': 'four fifths of the relay budget of this month are used',
  'used-up': 'the relay budget of this month is used up: the relay takes nobody new, calls under way go on',
  renewed: 'a new month: the relay budget is there again',
};

/** A server without its count is of more use than no server: what cannot be read is counted anew. */
async function readKept(directory: DataDirectory, logger: Logger): Promise<BudgetState | undefined> {
  try {
    const text = await directory.read(fileName);
    if (text === undefined) return undefined;
    const kept = parseBudgetState(text);
    if (kept === undefined) throw new Error('it is not what this program writes');
    return kept;
  } catch (error) {
    logger.warn('what was kept of the relay budget cannot be read; it is counted anew', { error });
    return undefined;
  }
}

/** Reads what an earlier run has kept, and begins to count. */
export async function startBudgetKeeper(options: BudgetKeeperOptions): Promise<BudgetKeeper> {
  const { limitOctets, directory, sentInAll, now, onChange, logger } = options;
  const kept = await readKept(directory, logger);
  const budget = createRelayBudget(limitOctets, kept, now());
  let written = encodeBudgetState(budget.state());
  let writtenAtMs = now();
  let writing: Promise<void> = Promise.resolve();

  function write(): Promise<void> {
    writtenAtMs = now();
    const current = encodeBudgetState(budget.state());
    if (current === written) return writing;
    written = current;
    writing = writing
      .then(() => directory.write(fileName, current))
      .catch((error: unknown) => {
        // Tried again with the next count.
        written = '';
        logger.error('the relay budget could not be written', { error });
      });
    return writing;
  }

  function count(): Promise<void> {
    const change = budget.count(sentInAll(), now());
    if (change !== undefined) {
      const { octets, month } = budget.state();
      logger[change === 'renewed' ? 'info' : 'warn'](reports[change], { month, octets, limitOctets });
      if (change !== 'nearly-used') onChange();
    }
    const isDue = change !== undefined || Math.abs(now() - writtenAtMs) >= writeMs;
    return isDue ? write() : writing;
  }

  const timer = setInterval(() => void count(), countMs).unref();
  return {
    isUsedUp: budget.isUsedUp,
    state: budget.state,
    count,
    async stop() {
      clearInterval(timer);
      void count();
      await write();
    },
  };
}
