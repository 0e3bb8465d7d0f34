import type { ParticipantId, RemoteParticipant } from '@callbox/contract';
import type { RoomState } from './room-state.ts';

/**
 * The others in a room as one participant sees them, in the order in which they came. Of each pair the one whose page came
 * later is impolite: it makes the first offer, and its offer wins where two cross.
 */
export function remoteParticipants(room: RoomState, viewerId: ParticipantId): RemoteParticipant[] {
  const others: RemoteParticipant[] = [];
  let viewerCameEarlier = false;
  for (const { participant, isReconnecting } of room.members.values()) {
    if (participant.id === viewerId) viewerCameEarlier = true;
    else {
      const reconnecting = isReconnecting ? { reconnecting: true } : {};
      others.push({ ...participant, polite: viewerCameEarlier, ...reconnecting });
    }
  }
  // Who came again by another page has the place of before.
  return others.sort((one, other) => one.joinedAtMs - other.joinedAtMs);
}
