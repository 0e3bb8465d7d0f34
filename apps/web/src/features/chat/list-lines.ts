import type { ChatMessage, RoomSnapshot } from '@callbox/client';

/** A message as the list shows it. */
export interface ChatLine extends ChatMessage {
  /** The room does not have it yet. */
  readonly isWaiting: boolean;
}

/** The room's chat, and behind it what this person has written since: by the name that it will have, so that it stays where it is. */
export function listLines({
  self,
  chat,
  unsentChat,
}: Pick<RoomSnapshot, 'self' | 'chat' | 'unsentChat'>): readonly ChatLine[] {
  const { id, displayName } = self;
  const sent = chat.map((message) => ({ ...message, isWaiting: false }));
  if (id === null) return sent;
  const waiting = unsentChat.map(({ sequence, text, writtenAtMs }) => ({
    authorId: id,
    authorName: displayName,
    sequence,
    text,
    sentAtMs: writtenAtMs,
    isWaiting: true,
  }));
  return [...sent, ...waiting];
}
