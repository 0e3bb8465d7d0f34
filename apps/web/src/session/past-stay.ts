import type { ChatMessage, ParticipantId, RoomSnapshot } from '@callbox/client';

/** What a later stay in the same room has to know of those before it in this page. */
export interface PastStay {
  readonly room: string;
  /** Who this person was. */
  readonly ids: readonly ParticipantId[];
  /** The last line of chat that was read; null where none was. */
  readonly lastRead: ChatMessage | null;
}

/** @returns null for a stay that never came in, after which what was known before it still holds. */
export function describePastStay({ room, self, chat }: RoomSnapshot, readCount: number): PastStay | null {
  if (room === null || self.id === null) return null;
  return { room, ids: [...self.formerIds, self.id], lastRead: chat[readCount - 1] ?? null };
}

/** How many lines stand up to the one that was read last. The room may have forgotten it, and be another of the same name. */
export function countReadBefore(chat: readonly ChatMessage[], lastRead: ChatMessage | null): number {
  if (lastRead === null) return 0;
  const { authorId, sequence } = lastRead;
  return chat.findLastIndex((line) => line.authorId === authorId && line.sequence === sequence) + 1;
}
