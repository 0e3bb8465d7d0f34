import type {
  ChatMessage,
  MediaState,
  Participant,
  ParticipantId,
  PeerMessage,
  Refusal,
} from '@callbox/contract';
import type { LeaveReason, RoomFact } from './room-fact.ts';
import type { RoomState, SeatState } from './room-state.ts';

/**
 * What a room says to a wish: a refusal, or the answer with the fact that makes it so. No fact: it is so already.
 * Deciding changes nothing; the fact does, once it is recorded.
 */
export type Decision<T> =
  | { readonly ok: true; readonly value: T; readonly fact: RoomFact | null }
  | { readonly ok: false; readonly refusal: Refusal };

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
  request?: number,
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
  return {
    ok: true,
    value: participant,
    fact: { kind: 'participant-updated', participant, ...numbered(request) },
  };
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
  request?: number,
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
  return { ok: true, value: message, fact: { kind: 'chat-taken', message, ...numbered(request) } };
}

/**
 * Passes a message on to one other participant of the room; not to a page that came after it was written. What the author had
 * heard by then tells: who was away may send what was meant for the page before.
 */
export function decidePeerMessage(
  room: RoomState,
  from: ParticipantId,
  { to, message }: { readonly to: ParticipantId; readonly message: PeerMessage },
  { request, receivedUpTo }: { readonly request?: number; readonly receivedUpTo?: number } = {},
): Decision<Record<string, never>> {
  const author = room.members.get(from);
  if (author === undefined) return notInRoom();
  if (to === from || !room.members.has(to)) {
    return refuse('unknown-participant', 'nobody else in the room has that id');
  }
  if (receivedUpTo !== undefined && hasComeSince(author.seat, to, receivedUpTo)) {
    return refuse('unknown-participant', 'that participant has come again since');
  }
  return {
    ok: true,
    value: {},
    fact: { kind: 'peer-message-passed', from, to, message, ...numbered(request) },
  };
}

/** Takes a participant out for good, also one whose page has just gone. */
export function decideRemove(room: RoomState, id: ParticipantId): Decision<null> {
  if (!room.members.has(id) && !room.parted.has(id)) return notInRoom();
  return { ok: true, value: null, fact: { kind: 'participant-removed', id } };
}

/** Lets nobody new in, or somebody again. An empty room cannot be locked: whoever comes first opens another. */
export function decideLock(room: RoomState, isLocked: boolean): Decision<null> {
  if (room.members.size === 0) return refuse('not-in-room', 'nobody is in this room');
  return {
    ok: true,
    value: null,
    fact: room.isLocked === isLocked ? null : { kind: 'room-locked', isLocked },
  };
}

/** Whether the author has yet to hear that this participant came. */
function hasComeSince(author: SeatState | null, id: ParticipantId, receivedUpTo: number): boolean {
  if (author === null) return false;
  return author.outbox.some(
    ({ number, notice }) =>
      number > receivedUpTo && notice.name === 'participant-joined' && notice.body.id === id,
  );
}

function numbered(request: number | undefined): { readonly request?: number } {
  return request === undefined ? {} : { request };
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
