import type { Answer, ParticipantId } from '@callbox/contract';
import type { Notice } from './notice.ts';
import type { RoomFact } from './room-fact.ts';
import type { RoomState } from './room-state.ts';

/** A notice and whom it is for. */
export interface Delivery {
  readonly to: readonly ParticipantId[];
  readonly notice: Notice;
}

/**
 * Who hears of a fact, and in which words: everybody in the room but the one it is about, who has the answer to the
 * request. Each participant hears at most one notice of one fact.
 *
 * @param room the room after the fact.
 */
export function deliveriesOf(room: Pick<RoomState, 'members'>, fact: RoomFact): readonly Delivery[] {
  switch (fact.kind) {
    case 'participant-joined':
    case 'participant-rejoined': {
      const { participant } = fact;
      // Whoever was there before the newcomer is the polite side.
      return toOthers(room, participant.id, {
        name: 'participant-joined',
        body: { ...participant, polite: true },
      });
    }
    case 'participant-updated': {
      const { participant: body, request } = fact;
      return [
        ...toOthers(room, body.id, { name: 'participant-updated', body }),
        ...answered(body.id, request, body),
      ];
    }
    case 'participant-left':
      return toOthers(room, fact.id, {
        name: 'participant-left',
        body: { id: fact.id, reason: fact.reason },
      });
    case 'participant-parted':
      return toOthers(room, fact.id, {
        name: 'participant-left',
        body: { id: fact.id, reason: 'left', mayReturn: true },
      });
    case 'participant-removed':
      return toOthers(room, fact.id, { name: 'participant-left', body: { id: fact.id, reason: 'left' } });
    case 'participant-reconnecting':
      return toOthers(room, fact.id, { name: 'participant-reconnecting', body: { id: fact.id } });
    case 'seat-claimed':
      return fact.isReturn
        ? toOthers(room, fact.id, { name: 'participant-returned', body: { id: fact.id } })
        : [];
    case 'chat-taken': {
      const { message: body, request } = fact;
      return [
        ...toOthers(room, body.authorId, { name: 'chat', body }),
        ...answered(body.authorId, request, body),
      ];
    }
    case 'peer-message-passed': {
      const { from, to, message, request } = fact;
      return [
        { to: [to], notice: { name: 'peer-message', body: { from, message } } },
        ...answered(from, request, {}),
      ];
    }
    case 'request-answered':
      return [toAuthor(fact.id, fact.request, fact.answer)];
    case 'participant-forgotten':
    case 'notices-received':
    case 'room-locked':
    case 'server-restarted':
      return [];
  }
}

function toOthers(room: Pick<RoomState, 'members'>, id: ParticipantId, notice: Notice): readonly [Delivery] {
  return [{ to: [...room.members.keys()].filter((other) => other !== id), notice }];
}

function answered(id: ParticipantId, request: number | undefined, value: unknown): readonly Delivery[] {
  return request === undefined ? [] : [toAuthor(id, request, { ok: true, value })];
}

function toAuthor(id: ParticipantId, request: number, answer: Answer<unknown>): Delivery {
  return { to: [id], notice: { name: 'answer', body: { request, answer: { ...answer } } } };
}
