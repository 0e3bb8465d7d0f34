import { closeSync, openSync, writeSync } from 'node:fs';
import { StartError } from '../start-error.ts';

/** A file that reports are added to. */
export interface LogFile {
  /** Adds a line. What cannot be written, because the disk is full, is lost and harms nobody. */
  readonly write: (line: string) => void;
  /** Goes on in the file of that name: after somebody has moved the one before away. */
  readonly reopen: () => void;
}

/** For its owner only: reports tell who talks when, if not to whom. */
const fileMode = 0o600;

/**
 * Opens a file for reports, and makes it if it is missing.
 *
 * @throws StartError when it cannot be written.
 */
export function openLogFile(file: string): LogFile {
  function open(): number {
    try {
      return openSync(file, 'a', fileMode);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
      throw new StartError(`--log-file ${file} cannot be written (${code})`, { cause: error });
    }
  }
  let descriptor = open();
  return {
    write(line) {
      try {
        // Lines are few, and the last ones before an end by force are those that matter.
        writeSync(descriptor, line);
      } catch {
        // Nobody is left to tell.
      }
    },
    reopen() {
      try {
        const next = open();
        closeSync(descriptor);
        descriptor = next;
      } catch {
        // The old one still takes what is written.
      }
    },
  };
}
