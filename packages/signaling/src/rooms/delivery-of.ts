import type { NoticeName, NoticeOf, ParticipantId } from '@callbox/contract';
import type { RoomFact } from './room-fact.ts';
import type { RoomState } from './room-state.ts';

/** One notice of the contract, with its name. */
export type Notice = {
  [TName in NoticeName]: { readonly name: TName; readonly body: NoticeOf<TName> };
}[NoticeName];

/** A notice and whom it is for. */
export interface Delivery {
  readonly to: readonly ParticipantId[];
  readonly notice: Notice;
}

/**
 * Who hears of a fact, and in which words: everybody in the room but the one it is about, who has the answer to the
 * request.
 *
 * @param room the room after the fact.
 */
export function deliveryOf(room: RoomState, fact: RoomFact): Delivery {
  switch (fact.kind) {
    case 'participant-joined':
      // Whoever was there before the newcomer is the polite side.
      return toOthers(room, fact.participant.id, {
        name: 'participant-joined',
        body: { ...fact.participant, polite: true },
      });
    case 'participant-updated':
      return toOthers(room, fact.participant.id, { name: 'participant-updated', body: fact.participant });
    case 'participant-left':
      return toOthers(room, fact.id, {
        name: 'participant-left',
        body: { id: fact.id, reason: fact.reason },
      });
    case 'chat-taken':
      return toOthers(room, fact.message.authorId, { name: 'chat', body: fact.message });
  }
}

function toOthers(room: RoomState, id: ParticipantId, notice: Notice): Delivery {
  return { to: [...room.members.keys()].filter((other) => other !== id), notice };
}
