import type { Parsed } from '@callbox/contract';

/** How one value is written and read. The same text means the same on the command line, in the environment and in a file. */
export interface ValueType<T> {
  /** Stands for the value in `--help`. */
  readonly placeholder: string;
  /** Turns what was written into a value, or says in one clause what would have been right. */
  parse(text: string): Parsed<T>;
}
