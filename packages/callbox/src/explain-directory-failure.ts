import { DirectoryTakenError } from './lock/directory-taken-error.ts';
import { StartError } from './start-error.ts';

/** One line on why the data directory cannot be used, where it is that; any other error as it is. */
export function explainDirectoryFailure(path: string, error: unknown): unknown {
  if (error instanceof DirectoryTakenError) {
    const who = error.pid === undefined ? 'another server' : `another server (process ${error.pid})`;
    const line = `${who} uses the data directory ${path}; end that one, or choose another with --data-dir`;
    return new StartError(line, { cause: error });
  }
  // The system's own errors name the call that failed.
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return error;
  const line = `the data directory ${path} cannot be used (${String(error.code)}); choose another with --data-dir`;
  return new StartError(line, { cause: error });
}
