import type { Participant, ParticipantId, Refusal, ResumeRefusalReason } from '@callbox/contract';
import { decideLeave, type Decision } from './decide.ts';
import type { RoomFact, SeatKey } from './room-fact.ts';
import type { Member, RoomState, SeatState } from './room-state.ts';
import { followsOn } from './seat-state.ts';

/** What an outbox may hold beyond need. */
const enoughNotices = 32;
const enoughCharacters = 65_536;

/** Who wants to come in. */
export interface Newcomer {
  readonly participant: Participant;
  /** The seat that is claimed, if the client wants to be able to come back. */
  readonly seat?: SeatKey | undefined;
  /**
   * The seat of an earlier stay, or of the page before this one. Who claims a seat of their own comes again as the one whose
   * that was; for the caller to see to it that they have parted first. Who does not is somebody else.
   */
  readonly replaces?: { readonly tokenHash: string } | undefined;
  /** What the room is called from now on if nobody is inside. */
  readonly roomId: string;
}

/**
 * Lets a participant in, unless the room is full or locked, or has taken this client out before. A claim of a seat that
 * is there already is the same join, sent again because its answer was lost: it is answered with the same participant.
 */
export function decideJoin(
  room: RoomState,
  { participant, seat, replaces, roomId }: Newcomer,
  maxParticipants: number,
): Decision<Participant> {
  if (room.members.has(participant.id)) return refuse('already-in-room', 'this participant is in the room');
  if ([seat, replaces].some((key) => key !== undefined && room.removed.includes(key.tokenHash))) {
    return refuse('removed', 'this client was taken out of the room');
  }
  const known = seat === undefined ? null : findSeat(room, seat.tokenHash);
  if (seat !== undefined && known !== null) {
    if (seat.connection <= known.seat.connection)
      return refuseResume('outdated', 'a later connection is there');
    return claim(known, seat, null);
  }
  // Sent by a page that has gone, and overtaken by its last word.
  if ([...room.parted.values()].some(({ tokenHash }) => tokenHash === seat?.tokenHash)) {
    return refuseResume('outdated', 'the page that had this seat is gone');
  }
  const former = replaces === undefined ? null : findFormer(room, replaces.tokenHash);
  if (room.isLocked && former === null) return refuse('room-locked', 'nobody new is let in now');
  if (room.members.size - (former?.isMember === true ? 1 : 0) >= maxParticipants) {
    const message = `the room holds ${maxParticipants} participants and has as many`;
    return { ok: false, refusal: { code: 'room-full', message, maxParticipants } };
  }
  if (former !== null && seat !== undefined) {
    const { id, joinedAtMs } = former.participant;
    const again = { ...participant, id, joinedAtMs };
    return { ok: true, value: again, fact: { kind: 'participant-rejoined', participant: again, seat } };
  }
  return {
    ok: true,
    value: participant,
    fact: {
      kind: 'participant-joined',
      participant,
      ...(room.id === null ? { opens: roomId } : {}),
      ...(seat === undefined ? {} : { seat }),
    },
  };
}

/** Takes a participant out whose page went away, and who may come again by another. Without a seat nobody can. */
export function decidePart(room: RoomState, id: ParticipantId): Decision<null> {
  const member = room.members.get(id);
  if (member === undefined || member.seat === null) return decideLeave(room, id, 'left');
  return { ok: true, value: null, fact: { kind: 'participant-parted', id } };
}

/** Gives a seat back to its owner, over a new connection, if everything that was missed is there. */
export function decideResume(room: RoomState, key: SeatKey, receivedUpTo: number): Decision<Participant> {
  if (room.removed.includes(key.tokenHash)) return refuseResume('removed', 'taken out of the room');
  const known = findSeat(room, key.tokenHash);
  if (known === null) {
    return room.gone.includes(key.tokenHash)
      ? refuseResume('gone', 'left, or away for too long')
      : refuseResume('unknown', 'there is no such seat');
  }
  if (key.connection <= known.seat.connection) {
    return refuseResume('outdated', 'a later connection is there');
  }
  const follows = followsOn(known.seat, receivedUpTo);
  if (follows !== 'yes') return refuseResume(follows, `the notices after ${receivedUpTo} are not all there`);
  return claim(known, key, receivedUpTo);
}

/** Takes note of what has arrived, when it has become worth a line in the journal. */
export function decideReceived(room: RoomState, id: ParticipantId, upTo: number): RoomFact | null {
  const seat = room.members.get(id)?.seat ?? null;
  if (seat === null || upTo > seat.noticesUpTo) return null;
  const arrived = seat.outbox.filter(({ number }) => number <= upTo);
  const characters = arrived.reduce((sum, notice) => sum + notice.characters, 0);
  const isWorthIt = arrived.length >= enoughNotices || characters >= enoughCharacters;
  return isWorthIt ? { kind: 'notices-received', id, upTo } : null;
}

/** Whose seat it is. */
export function findSeat(room: RoomState, tokenHash: string): (Member & { readonly seat: SeatState }) | null {
  for (const member of room.members.values()) {
    const { seat } = member;
    if (seat !== null && seat.tokenHash === tokenHash) return { ...member, seat };
  }
  return null;
}

/** Whose seat it is or, lately, was. */
export function findFormer(
  room: RoomState,
  tokenHash: string,
): { readonly participant: Participant; readonly isMember: boolean } | null {
  const seated = findSeat(room, tokenHash);
  if (seated !== null) return { participant: seated.participant, isMember: true };
  for (const former of room.parted.values()) {
    if (former.tokenHash === tokenHash) return { participant: former.participant, isMember: false };
  }
  return null;
}

function claim(
  { participant, isReconnecting }: Member,
  { connection }: SeatKey,
  receivedUpTo: number | null,
): Decision<Participant> {
  const id: ParticipantId = participant.id;
  return {
    ok: true,
    value: participant,
    fact: { kind: 'seat-claimed', id, connection, receivedUpTo, isReturn: isReconnecting },
  };
}

function refuse(code: Refusal['code'], message: string): Decision<never> {
  return { ok: false, refusal: { code, message } };
}

function refuseResume(reason: ResumeRefusalReason, message: string): Decision<never> {
  return { ok: false, refusal: { code: 'resume-refused', reason, message } };
}
