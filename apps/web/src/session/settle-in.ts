import type { RemoteParticipantSnapshot, RoomSnapshot } from '@callbox/client';

/** For how long the page may show what was before somebody came. Who waits for less hardly notices. */
export const settleInMs = 250;

/**
 * Whether somebody in the room is about to be seen: a connection is being agreed on, or it brings its first picture. For this
 * moment the page is better not drawn anew, and the person's own picture stands still: the browser agrees on connections, and
 * decodes, with the processor that drawing takes, and both sides wait for the slower.
 */
export function isSettlingIn(
  { state, participants }: Pick<RoomSnapshot, 'state' | 'participants'>,
  hasPicture: (participantId: string) => boolean,
): boolean {
  return state.kind === 'joined' && participants.some((participant) => isAwaited(participant, hasPicture));
}

function isAwaited(
  { id, dialect, link, media, tracks, away }: RemoteParticipantSnapshot,
  hasPicture: (participantId: string) => boolean,
): boolean {
  // One of the plain dialect has no rhythm to rely on; one who is away has nothing to send.
  if (dialect === 'plain' || away === true) return false;
  if (link.kind !== 'connecting' && link.kind !== 'connected') return false;
  const isAgreed = tracks.audio !== null || tracks.camera !== null;
  return isAgreed ? media.video && tracks.camera !== null && !hasPicture(id) : link.kind === 'connecting';
}
