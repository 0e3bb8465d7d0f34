import { parseRoomName, type ReplyOf } from '@callbox/contract';
import { participantId } from './participant-id.ts';

/** An answer to `room-join`: an empty room, entered by `me`. */
export function createJoinReply(change: Partial<ReplyOf<'room-join'>> = {}): ReplyOf<'room-join'> {
  const room = parseRoomName('room');
  if (!room.ok) throw new Error(room.reason);
  const media = { audio: false, video: false, screen: false };
  return {
    room: room.value,
    self: { id: participantId('me'), displayName: 'Me', media, joinedAtMs: 9 },
    participants: [],
    chat: [],
    ice: { iceServers: [{ urls: ['stun:here'] }], lifetimeSeconds: 3_600 },
    maxParticipants: 8,
    instanceId: 'one',
    ...change,
  };
}
