import type { ChatMessage } from '@callbox/contract';

/**
 * Joins what this page has heard with what the room remembers. A message is known by its author and number. What the
 * room no longer remembers is older than all it does.
 */
export function mergeChat(
  heard: readonly ChatMessage[],
  remembered: readonly ChatMessage[],
): readonly ChatMessage[] {
  const keys = new Set(remembered.map(keyOf));
  const forgotten = heard.filter((message) => !keys.has(keyOf(message)));
  return forgotten.length === 0 && remembered.length === heard.length ? heard : [...forgotten, ...remembered];
}

/** Adds one message, unless it is there: the author hears of it twice, as an answer and as everyone does. */
export function appendChat(heard: readonly ChatMessage[], message: ChatMessage): readonly ChatMessage[] {
  const key = keyOf(message);
  return heard.some((known) => keyOf(known) === key) ? heard : [...heard, message];
}

function keyOf(message: ChatMessage): string {
  return `${message.authorId}:${message.sequence}`;
}
