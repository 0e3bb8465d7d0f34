/**
 * Where rooms are written down so that they outlive the process: lines of text by room. The program hands one in; what
 * the lines say is the library's business.
 *
 * What has been handed over is written in that order, soon, and without holding up the caller. A room that cannot be
 * written is reported by the journal itself, and is not there at the next start; nobody waits for it, and it is asked for
 * again.
 */
export interface RoomJournal {
  /** The lines of each room that was there at the start, oldest first. Only whole lines, as they were handed over. */
  readonly rooms: ReadonlyMap<string, readonly string[]>;
  /** Adds a line, which holds no line break. */
  append(room: string, line: string): void;
  /** From now on these are the room's lines: a crash leaves those before or these. */
  replace(room: string, lines: readonly string[]): void;
  /** Forgets the room. */
  remove(room: string): void;
  /** Whether the room could not be written for a while and should be handed over again as a whole, by `replace`. */
  wantsWhole(room: string): boolean;
  /**
   * Calls back when everything handed over before is written, so that it survives the death of the process, or has been
   * given up; at once if that is so now. In the order of the calls.
   */
  afterWritten(action: () => void): void;
}
