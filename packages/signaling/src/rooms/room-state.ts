import type { ChatMessage, Participant, ParticipantId } from '@callbox/contract';
import type { Notice } from './notice.ts';

/** A notice with its place in the stream of a seat. */
export interface NumberedNotice {
  readonly number: number;
  readonly notice: Notice;
  /** Its length as text. */
  readonly characters: number;
}

/** What lets a participant come back: a secret, and where the two streams stand. See `docs/resume.md`. */
export interface SeatState {
  readonly tokenHash: string;
  /** The highest number of a connection that has claimed the seat. */
  readonly connection: number;
  /** The last numbered request that was carried out. */
  readonly requestsUpTo: number;
  /** The number of the last notice. */
  readonly noticesUpTo: number;
  /** Everything up to this notice is known to have arrived. */
  readonly acknowledgedUpTo: number;
  /** Up to this notice, those that are not known to have arrived were thrown away: there were too many. */
  readonly lostUpTo: number;
  /** Notices that are not known to have arrived, oldest first. */
  readonly outbox: readonly NumberedNotice[];
  readonly outboxCharacters: number;
}

/** One who is in a room, with what the room remembers of them and tells nobody. */
export interface Member {
  readonly participant: Participant;
  /** The last line of chat that was taken from them; a line of the same sequence is that one, sent again. */
  readonly lastChat: ChatMessage | null;
  /** Null for one who leaves with the connection. */
  readonly seat: SeatState | null;
  /** The others have been told that this one is away. */
  readonly isReconnecting: boolean;
}

/** One whose page went away a moment ago, and who may come again by another page. Nobody sees them meanwhile. */
export interface PartedMember {
  readonly participant: Participant;
  readonly lastChat: ChatMessage | null;
  /** Of the seat they had. */
  readonly tokenHash: string;
}

/** A room as a value. It changes only by facts: see `applyRoomFact`. */
export interface RoomState {
  /** Names the room from the first join to the last leave; null while nobody is inside. */
  readonly id: string | null;
  /**
   * In the order in which their pages came, which decides who is polite to whom. Their places in the room go by
   * `joinedAtMs`, which a reload does not change.
   */
  readonly members: ReadonlyMap<ParticipantId, Member>;
  /** Oldest first. The room lives for as long as one of them may come again. */
  readonly parted: ReadonlyMap<ParticipantId, PartedMember>;
  /** The last lines of chat, oldest first. */
  readonly chat: readonly ChatMessage[];
  /** Nobody new is let in. */
  readonly isLocked: boolean;
  /** Hashes of the tokens of those who were taken out, oldest first. */
  readonly removed: readonly string[];
  /** Hashes of the tokens of those who went lately, oldest first: only to tell them why they cannot resume. */
  readonly gone: readonly string[];
}

/** A room that nobody has entered: what every room is before the first participant and after the last. */
export const emptyRoom: RoomState = {
  id: null,
  members: new Map(),
  parted: new Map(),
  chat: [],
  isLocked: false,
  removed: [],
  gone: [],
};

/** Nobody is in the room, and nobody is waited for: it is gone with all that was said there. */
export function isOver(room: RoomState): boolean {
  return room.members.size === 0 && room.parted.size === 0;
}
