import type { OptionName } from './option-table.ts';

/** What one source says about one option: the values as written, and what the source calls the option. */
export interface GivenValue {
  readonly texts: readonly string[];
  /** How a message names the place, such as `--port` or `CALLBOX_PORT`. */
  readonly place: string;
}

/** What one source says about all options it mentions. */
export type GivenValues = ReadonlyMap<OptionName, GivenValue>;
