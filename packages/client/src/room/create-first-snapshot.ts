import type { ParticipantId } from '@callbox/contract';
import { describeOwnMedia } from '../logic/own-media.ts';
import type { JoinOptions, RoomSnapshot } from '../room-types.ts';

/** A room before its server has said anything of it. */
export function createFirstSnapshot(
  { displayName, media }: JoinOptions,
  formerIds: readonly ParticipantId[],
): RoomSnapshot {
  return {
    state: { kind: 'joining' },
    room: null,
    self: {
      id: null,
      displayName,
      media: describeOwnMedia(media.snapshot),
      joinedAtMs: null,
      formerIds,
    },
    participants: [],
    chat: [],
    unsentChat: [],
    maxParticipants: null,
    uplink: 'good',
  };
}
