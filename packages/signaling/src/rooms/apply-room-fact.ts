import { limits, type ParticipantId } from '@callbox/contract';
import { deliveriesOf } from './deliveries-of.ts';
import type { RoomFact } from './room-fact.ts';
import type { Member, PartedMember, RoomState, SeatState } from './room-state.ts';
import { afterRestart, newSeat, withAccount, withNotice, withReceived } from './seat-state.ts';

/** Seats that are gone and known to have been. */
const goneLength = 64;
/** Seats that are barred. */
const removedLength = 1_000;
/** Those who may come again. */
const partedLength = 64;

/** The room after the fact: what it says is so, and those who hear of it have it in their outbox. */
export function applyRoomFact(room: RoomState, fact: RoomFact): RoomState {
  return withDeliveries(change(room, fact), fact);
}

function change(room: RoomState, fact: RoomFact): RoomState {
  switch (fact.kind) {
    case 'participant-joined': {
      const seat = fact.seat === undefined ? null : newSeat(fact.seat);
      const member = { participant: fact.participant, lastChat: null, seat, isReconnecting: false };
      return withMember(fact.opens === undefined ? room : { ...room, id: fact.opens }, member);
    }
    case 'participant-updated': {
      const member = memberOf(room, fact.participant.id);
      return withMember(room, requested({ ...member, participant: fact.participant }, fact.request));
    }
    case 'participant-left':
      return withGone(withoutMember(room, fact.id), memberOf(room, fact.id).seat);
    case 'participant-parted': {
      const [{ participant, lastChat }, { tokenHash }] = seatOf(room, fact.id);
      const parted = [...room.parted, [fact.id, { participant, lastChat, tokenHash }] as const];
      return { ...withoutMember(room, fact.id), parted: new Map(parted.slice(-partedLength)) };
    }
    case 'participant-rejoined': {
      const { participant } = fact;
      const former = partedOf(room, participant.id);
      const member = {
        participant,
        lastChat: former.lastChat,
        seat: newSeat(fact.seat),
        isReconnecting: false,
      };
      return withMember(withGone(withoutParted(room, participant.id), former), member);
    }
    case 'participant-forgotten':
      return withGone(withoutParted(room, fact.id), partedOf(room, fact.id));
    case 'participant-removed': {
      const former = room.parted.get(fact.id) ?? memberOf(room, fact.id).seat;
      const rest = withGone(withoutParted(withoutMember(room, fact.id), fact.id), former);
      return former === null
        ? rest
        : { ...rest, removed: [...room.removed, former.tokenHash].slice(-removedLength) };
    }
    case 'participant-reconnecting':
      return withMember(room, { ...memberOf(room, fact.id), isReconnecting: true });
    case 'chat-taken': {
      const { message } = fact;
      const member = memberOf(room, message.authorId);
      const chat = [...room.chat, message].slice(-limits.chatHistoryLength);
      return withMember({ ...room, chat }, requested({ ...member, lastChat: message }, fact.request));
    }
    case 'peer-message-passed':
      return withMember(room, requested(memberOf(room, fact.from), fact.request));
    case 'request-answered':
      return withMember(room, requested(memberOf(room, fact.id), fact.request));
    case 'seat-claimed': {
      const [member, seat] = seatOf(room, fact.id);
      const { receivedUpTo } = fact;
      const received = receivedUpTo === null ? withAccount(seat) : withReceived(seat, receivedUpTo);
      return withMember(room, {
        ...member,
        isReconnecting: false,
        seat: { ...received, connection: fact.connection },
      });
    }
    case 'notices-received': {
      const [member, seat] = seatOf(room, fact.id);
      return withMember(room, { ...member, seat: withReceived(seat, fact.upTo) });
    }
    case 'room-locked':
      return { ...room, isLocked: fact.isLocked };
    case 'server-restarted':
      return withMembers(room, (member) =>
        member.seat === null ? member : { ...member, seat: afterRestart(member.seat, fact.atMs) },
      );
  }
}

function withDeliveries(room: RoomState, fact: RoomFact): RoomState {
  let members: Map<ParticipantId, Member> | null = null;
  for (const { to, notice } of deliveriesOf(room, fact)) {
    let characters: number | null = null;
    for (const id of to) {
      const member = room.members.get(id);
      if (member === undefined || member.seat === null) continue;
      characters ??= JSON.stringify(notice).length;
      members ??= new Map(room.members);
      members.set(id, { ...member, seat: withNotice(member.seat, notice, characters) });
    }
  }
  return members === null ? room : { ...room, members };
}

function memberOf(room: RoomState, id: ParticipantId): Member {
  const member = room.members.get(id);
  // Facts come from decisions about this very room, or from a record of them.
  if (member === undefined) throw new Error('a fact about somebody who is not in the room');
  return member;
}

function seatOf(room: RoomState, id: ParticipantId): readonly [Member, SeatState] {
  const member = memberOf(room, id);
  if (member.seat === null) throw new Error('a fact about a seat of one who has none');
  return [member, member.seat];
}

function partedOf(room: RoomState, id: ParticipantId): PartedMember {
  const former = room.parted.get(id);
  if (former === undefined) throw new Error('a fact about a return of one who is not expected');
  return former;
}

/** The member whose request of this number, if it has one, has been carried out. */
function requested(member: Member, request: number | undefined): Member {
  if (request === undefined) return member;
  if (member.seat === null) throw new Error('a numbered request of one who has no seat');
  return { ...member, seat: { ...member.seat, requestsUpTo: request } };
}

/** Puts a member in; one who is there keeps the place in the order. */
function withMember(room: RoomState, member: Member): RoomState {
  if (room.members.get(member.participant.id) === member) return room;
  return { ...room, members: new Map(room.members).set(member.participant.id, member) };
}

function withMembers(room: RoomState, change: (member: Member) => Member): RoomState {
  return { ...room, members: new Map([...room.members].map(([id, member]) => [id, change(member)])) };
}

function withoutMember(room: RoomState, id: ParticipantId): RoomState {
  const members = new Map(room.members);
  members.delete(id);
  return { ...room, members };
}

function withoutParted(room: RoomState, id: ParticipantId): RoomState {
  const parted = new Map(room.parted);
  parted.delete(id);
  return { ...room, parted };
}

/** A seat that nobody comes back to is remembered for a while, to say why. */
function withGone(room: RoomState, seat: { readonly tokenHash: string } | null): RoomState {
  return seat === null ? room : { ...room, gone: [...room.gone, seat.tokenHash].slice(-goneLength) };
}
