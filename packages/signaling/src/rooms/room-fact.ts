import type { Answer, ChatMessage, Participant, ParticipantId, PeerMessage } from '@callbox/contract';

/** By choice, or because the connection to the server was lost. */
export type LeaveReason = 'left' | 'disconnected';

/** How a seat is claimed: by the hash of a token, over the so-manieth connection. */
export interface SeatKey {
  readonly tokenHash: string;
  readonly connection: number;
}

/**
 * What happened in one room. Facts are plain data, and the state of a room follows from them alone: who writes them down
 * can build the room again. `request` is the number of the request that led to it, if it had one; its author is answered.
 */
export type RoomFact =
  | {
      readonly kind: 'participant-joined';
      readonly participant: Participant;
      /** With the first: the id of the room for as long as somebody is in it. */
      readonly opens?: string;
      readonly seat?: SeatKey;
    }
  | { readonly kind: 'participant-updated'; readonly participant: Participant; readonly request?: number }
  | { readonly kind: 'participant-left'; readonly id: ParticipantId; readonly reason: LeaveReason }
  /** The page went away, and another may follow: see `PartedMember`. */
  | { readonly kind: 'participant-parted'; readonly id: ParticipantId }
  /** Another page has come, by a seat of its own. */
  | { readonly kind: 'participant-rejoined'; readonly participant: Participant; readonly seat: SeatKey }
  /** No other page has come: this one had left. */
  | { readonly kind: 'participant-forgotten'; readonly id: ParticipantId }
  /** Taken out, or not let come again: whoever has the token of that seat is not let in while this room lives. */
  | { readonly kind: 'participant-removed'; readonly id: ParticipantId }
  /** Away for so long that the others should know. */
  | { readonly kind: 'participant-reconnecting'; readonly id: ParticipantId }
  | { readonly kind: 'chat-taken'; readonly message: ChatMessage; readonly request?: number }
  | {
      readonly kind: 'peer-message-passed';
      readonly from: ParticipantId;
      readonly to: ParticipantId;
      readonly message: PeerMessage;
      readonly request?: number;
    }
  /** A numbered request that was refused, or changed nothing. */
  | {
      readonly kind: 'request-answered';
      readonly id: ParticipantId;
      readonly request: number;
      readonly answer: Answer<unknown>;
    }
  | {
      readonly kind: 'seat-claimed';
      readonly id: ParticipantId;
      readonly connection: number;
      /** The last notice that its owner has; null where the owner is told everything anew. */
      readonly receivedUpTo: number | null;
      /** The others had been told of an absence. */
      readonly isReturn: boolean;
    }
  | { readonly kind: 'notices-received'; readonly id: ParticipantId; readonly upTo: number }
  | { readonly kind: 'room-locked'; readonly isLocked: boolean }
  /**
   * Written at each start before anything else. Numbers jump to where none has been in any run before, also one of which
   * nothing is left: what had been told and was not written is told apart by its number.
   */
  | { readonly kind: 'server-restarted'; readonly atMs: number };
