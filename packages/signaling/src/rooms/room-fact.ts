import type { ChatMessage, Participant, ParticipantId } from '@callbox/contract';

/** By choice, or because the connection to the server was lost. */
export type LeaveReason = 'left' | 'disconnected';

/**
 * What happened in one room. Facts are plain data, and the state of a room follows from them alone: who writes them down
 * can build the room again.
 */
export type RoomFact =
  | { readonly kind: 'participant-joined'; readonly participant: Participant }
  | { readonly kind: 'participant-updated'; readonly participant: Participant }
  | { readonly kind: 'participant-left'; readonly id: ParticipantId; readonly reason: LeaveReason }
  | { readonly kind: 'chat-taken'; readonly message: ChatMessage };
