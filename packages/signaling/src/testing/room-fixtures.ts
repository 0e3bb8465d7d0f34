import {
  parseRoomName,
  parseWith,
  participantIdSchema,
  type ChatMessage,
  type MediaState,
  type Participant,
  type ParticipantId,
  type RoomName,
} from '@callbox/contract';
import { applyRoomFact } from '../rooms/apply-room-fact.ts';
import { emptyRoom, type RoomState } from '../rooms/room-state.ts';

export const mediaOff: MediaState = { audio: false, video: false, screen: false };

export function idOf(text: string): ParticipantId {
  const parsed = parseWith(participantIdSchema, text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

export function roomNameOf(text: string): RoomName {
  const parsed = parseRoomName(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

/** A participant whose id is its name. */
export function participantOf(name: string): Participant {
  return { id: idOf(name), displayName: name, media: mediaOff, joinedAtMs: 1_000 };
}

/** A room into which these came in this order. */
export function roomOf(...names: readonly string[]): RoomState {
  return names.reduce<RoomState>(
    (room, name) =>
      applyRoomFact(room, {
        kind: 'participant-joined',
        participant: participantOf(name),
        ...(room.id === null ? { opens: 'life' } : {}),
      }),
    emptyRoom,
  );
}

export function chatOf(author: string, sequence: number, text = `${author} ${sequence}`): ChatMessage {
  return { authorId: idOf(author), sequence, authorName: author, text, sentAtMs: 5_000 };
}
