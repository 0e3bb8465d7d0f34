import type { ChatMessage, MediaState, Participant, ParticipantId, Refusal } from '@callbox/contract';
import type { LeaveReason, RoomFact } from './room-fact.ts';
import type { RoomState } from './room-state.ts';

/**
 * What a room says to a wish: a refusal, or the answer with the fact that makes it so. No fact: it is so already.
 * Deciding changes nothing; the fact does, once it is recorded.
 */
export type Decision<T> =
  | { readonly ok: true; readonly value: T; readonly fact: RoomFact | null }
  | { readonly ok: false; readonly refusal: Refusal };

/** Lets a participant in, unless the room is full. */
export function decideJoin(
  room: RoomState,
  participant: Participant,
  maxParticipants: number,
): Decision<Participant> {
  if (room.members.has(participant.id)) return refuse('already-in-room', 'this participant is in the room');
  if (room.members.size >= maxParticipants) {
    const message = `the room holds ${maxParticipants} participants and has as many`;
    return { ok: false, refusal: { code: 'room-full', message, maxParticipants } };
  }
  return { ok: true, value: participant, fact: { kind: 'participant-joined', participant } };
}

/** Takes a participant out. */
export function decideLeave(room: RoomState, id: ParticipantId, reason: LeaveReason): Decision<null> {
  if (!room.members.has(id)) return notInRoom();
  return { ok: true, value: null, fact: { kind: 'participant-left', id, reason } };
}

/** Changes what a participant says of themselves; what is not named stays. */
export function decideUpdate(
  room: RoomState,
  id: ParticipantId,
  change: { readonly displayName?: string; readonly media?: MediaState },
): Decision<Participant> {
  const member = room.members.get(id);
  if (member === undefined) return notInRoom();
  const before = member.participant;
  const displayName = change.displayName ?? before.displayName;
  const media = change.media ?? before.media;
  if (displayName === before.displayName && isSameMedia(media, before.media)) {
    return { ok: true, value: before, fact: null };
  }
  const participant = { ...before, displayName, media };
  return { ok: true, value: participant, fact: { kind: 'participant-updated', participant } };
}

/**
 * Takes a line of chat. An author's sequence only rises, and may skip; a line that comes again is answered with what was
 * taken the first time, so a client that missed the answer may simply repeat.
 */
export function decideChat(
  room: RoomState,
  authorId: ParticipantId,
  line: { readonly sequence: number; readonly text: string },
  now: number,
): Decision<ChatMessage> {
  const author = room.members.get(authorId);
  if (author === undefined) return notInRoom();
  if (author.lastChat !== null && line.sequence <= author.lastChat.sequence) {
    const taken = [author.lastChat, ...room.chat].find(
      (message) => message.authorId === authorId && message.sequence === line.sequence,
    );
    if (taken !== undefined) return { ok: true, value: taken, fact: null };
    return refuse('bad-request', `sequence: ${line.sequence} is not above ${author.lastChat.sequence}`);
  }
  const message: ChatMessage = {
    authorId,
    sequence: line.sequence,
    authorName: author.participant.displayName,
    text: line.text,
    sentAtMs: now,
  };
  return { ok: true, value: message, fact: { kind: 'chat-taken', message } };
}

function isSameMedia(one: MediaState, other: MediaState): boolean {
  return one.audio === other.audio && one.video === other.video && one.screen === other.screen;
}

function refuse(code: Refusal['code'], message: string): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { code, message } };
}

function notInRoom(): { readonly ok: false; readonly refusal: Refusal } {
  return refuse('not-in-room', 'the participant is not in this room');
}
