import type { ChatMessage, Participant, ParticipantId } from '@callbox/contract';

/** One who is in a room, with what the room remembers of them and tells nobody. */
export interface Member {
  readonly participant: Participant;
  /** The last line of chat that was taken from them; a line of the same sequence is that one, sent again. */
  readonly lastChat: ChatMessage | null;
}

/** A room as a value. It changes only by facts: see `applyRoomFact`. */
export interface RoomState {
  /** In the order in which they came, which also decides who is polite to whom. */
  readonly members: ReadonlyMap<ParticipantId, Member>;
  /** The last lines of chat, oldest first. */
  readonly chat: readonly ChatMessage[];
}

/** A room that nobody has entered: what every room is before the first participant and after the last. */
export const emptyRoom: RoomState = { members: new Map(), chat: [] };
