import { openDataDirectory, type DataDirectory } from './data-directory.ts';
import { explainDirectoryFailure } from './explain-directory-failure.ts';
import { lockDirectory } from './lock/lock-directory.ts';

/** The data directory of this server alone. */
export interface ClaimedDirectory extends DataDirectory {
  readonly release: () => Promise<void>;
}

/**
 * Opens the data directory for this server alone: two of them would write over each other's rooms, certificates and budget.
 * Rejects with a `StartError`.
 */
export async function claimDataDirectory(path: string): Promise<ClaimedDirectory> {
  try {
    const directory = await openDataDirectory(path);
    const { release } = await lockDirectory(path);
    return { ...directory, release };
  } catch (error) {
    throw explainDirectoryFailure(path, error);
  }
}
