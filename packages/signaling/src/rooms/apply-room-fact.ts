import { limits, type ParticipantId } from '@callbox/contract';
import type { RoomFact } from './room-fact.ts';
import type { Member, RoomState } from './room-state.ts';

/** The room after the fact. */
export function applyRoomFact(room: RoomState, fact: RoomFact): RoomState {
  switch (fact.kind) {
    case 'participant-joined':
      return withMember(room, { participant: fact.participant, lastChat: null });
    case 'participant-updated': {
      const member = memberOf(room, fact.participant.id);
      return withMember(room, { ...member, participant: fact.participant });
    }
    case 'participant-left': {
      const members = new Map(room.members);
      members.delete(fact.id);
      return { ...room, members };
    }
    case 'chat-taken': {
      const { message } = fact;
      const member = memberOf(room, message.authorId);
      const chat = [...room.chat, message].slice(-limits.chatHistoryLength);
      return withMember({ ...room, chat }, { ...member, lastChat: message });
    }
  }
}

function memberOf(room: RoomState, id: ParticipantId): Member {
  const member = room.members.get(id);
  // Facts come from decisions about this very room, or from a record of them.
  if (member === undefined) throw new Error('a fact about somebody who is not in the room');
  return member;
}

/** Puts a member in; one who is there keeps the place in the order. */
function withMember(room: RoomState, member: Member): RoomState {
  return { ...room, members: new Map(room.members).set(member.participant.id, member) };
}
