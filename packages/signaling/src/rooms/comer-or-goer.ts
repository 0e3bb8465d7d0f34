import type { ParticipantId } from '@callbox/contract';
import type { RoomFact } from './room-fact.ts';

/** Who has come or gone, if that is what the fact tells. */
export function comerOrGoer(fact: RoomFact): ParticipantId | null {
  switch (fact.kind) {
    case 'participant-joined':
    case 'participant-rejoined':
      return fact.participant.id;
    case 'participant-parted':
    case 'participant-forgotten':
    case 'participant-left':
      return fact.id;
    case 'participant-updated':
    case 'participant-removed':
    case 'participant-reconnecting':
    case 'chat-taken':
    case 'peer-message-passed':
    case 'request-answered':
    case 'seat-claimed':
    case 'notices-received':
    case 'room-locked':
    case 'server-restarted':
      return null;
  }
}
