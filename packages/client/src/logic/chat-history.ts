import type { ChatMessage } from '@callbox/contract';
import type { RoomSnapshot, UnsentChatMessage } from '../room-types.ts';

/**
 * Joins what this page has heard with what the room remembers, whose order counts. A message is known by its author and number.
 * What the room does not remember stays behind what was heard before it: it is older than all that the room remembers, or
 * it was lost with the power of the server's machine.
 */
export function mergeChat(
  heard: readonly ChatMessage[],
  remembered: readonly ChatMessage[],
): readonly ChatMessage[] {
  const keys = new Set(remembered.map(keyOf));
  /** Behind which remembered message each of the others stays; the empty key is the beginning. */
  const forgotten = new Map<string, ChatMessage[]>();
  let behind = '';
  for (const message of heard) {
    const key = keyOf(message);
    if (keys.has(key)) behind = key;
    else forgotten.set(behind, [...(forgotten.get(behind) ?? []), message]);
  }
  if (forgotten.size === 0 && remembered.length === heard.length) return heard;
  const first = forgotten.get('') ?? [];
  return [...first, ...remembered.flatMap((message) => [message, ...(forgotten.get(keyOf(message)) ?? [])])];
}

/** Adds one message, unless it is there: the author hears of it twice, as an answer and as everyone does. */
export function appendChat(heard: readonly ChatMessage[], message: ChatMessage): readonly ChatMessage[] {
  const key = keyOf(message);
  return heard.some((known) => keyOf(known) === key) ? heard : [...heard, message];
}

/** Puts one message in its place. One's own waits for nothing then. */
export function confirmChat(snapshot: RoomSnapshot, message: ChatMessage): RoomSnapshot {
  const chat = appendChat(snapshot.chat, message);
  if (message.authorId !== snapshot.self.id) return { ...snapshot, chat };
  return { ...snapshot, chat, unsentChat: withoutUnsent(snapshot.unsentChat, message.sequence) };
}

/** The same list where it has no such line. */
export function withoutUnsent(
  unsent: readonly UnsentChatMessage[],
  sequence: number,
): readonly UnsentChatMessage[] {
  const rest = unsent.filter((line) => line.sequence !== sequence);
  return rest.length === unsent.length ? unsent : rest;
}

function keyOf(message: ChatMessage): string {
  return `${message.authorId}:${message.sequence}`;
}
