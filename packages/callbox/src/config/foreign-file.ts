import type { Parsed } from '@callbox/contract';

/** What a configuration file of another program says about one option of ours. */
export interface ForeignOption {
  /** As in our own file: `relay-ports`. */
  readonly key: string;
  readonly texts: readonly string[];
  /** Where the file says so: `line 12: min-port`. */
  readonly place: string;
  /** The values are names of files, as the other program knows them. */
  readonly namesFile?: true;
}

/** Something in the file that did not become an option. Never holds a secret. */
export interface ForeignNote {
  readonly place: string;
  readonly kind: 'ignored' | 'refused' | 'unknown' | 'changed';
  readonly text: string;
}

/** A configuration file of another program, in our terms. */
export interface ForeignSettings {
  readonly options: readonly ForeignOption[];
  readonly notes: readonly ForeignNote[];
}

/** A kind of configuration file of another program. */
export interface ForeignFile {
  /** The flag that names such a file, without dashes: `other-config`. */
  readonly flag: string;
  /** One sentence for `--help`. */
  readonly help: string;
  /** Says what a file means, or in one clause what is wrong with it, and where. */
  readonly translate: (
    text: string,
    environment: Readonly<Record<string, string | undefined>>,
  ) => Parsed<ForeignSettings>;
}
