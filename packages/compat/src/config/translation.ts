/** What a file of another program asks for, as one option of Callbox. */
export interface TranslatedOption {
  /** As in a configuration file of Callbox: `relay-ports`. */
  readonly key: string;
  /** The values as a person would write them there; several for an option that may be repeated. */
  readonly texts: readonly string[];
  /** Where the file says so: `line 12: min-port`, or `rooms.maxClients`. */
  readonly place: string;
  /** The values are names of files, written from where the other program ran. */
  readonly namesFile?: true;
}

/**
 * What becomes of something that has no option of ours: `ignored` changes nothing that anybody would notice, `refused` is not
 * done here for a reason, `unknown` was understood by neither, `changed` is done in another way.
 */
export type NoteKind = 'ignored' | 'refused' | 'unknown' | 'changed';

/** Something that a person should hear of. Never holds a password or a secret. */
export interface TranslationNote {
  readonly place: string;
  readonly kind: NoteKind;
  /** A clause that follows the place and a colon. */
  readonly text: string;
}

/** A file of another program in our terms. */
export interface Translation {
  readonly options: readonly TranslatedOption[];
  readonly notes: readonly TranslationNote[];
}

/** The file cannot be used as it is: it is malformed, or to start without what it asks for would do harm. */
export class TranslationError extends Error {
  readonly code = 'translation-impossible';
  override readonly name = 'TranslationError';
}
