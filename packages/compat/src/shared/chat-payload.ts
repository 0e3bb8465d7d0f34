import { limits } from '@callbox/contract';

/** A line of chat as old pages send it: `sendToAll('chat', payload)`. */
export interface ChatPayload {
  readonly message: string;
  readonly nick?: string;
}

/**
 * What of the old pages' own messages is a line of chat. They have no such thing as chat, only messages with a type of
 * the page's choosing; nearly all that chat do it as `chat` with a text, alone or as `message` beside `nick`. Such a line
 * becomes the room's, so that clients of every kind show it and those who come later find it. Everything else, and a
 * payload that says more than this, stays a message between pages.
 *
 * @returns the text, or null where it is no line of chat, or none that the room would take.
 */
export function readChatText(type: unknown, payload: unknown): string | null {
  if (type !== 'chat') return null;
  const text = typeof payload === 'string' ? payload : readMessage(payload);
  return text === null || text.trim() === '' || text.length > limits.chatTextLength ? null : text;
}

/** The room's line as old pages understand it. `nick` is left out where the author has no name. */
export function writeChatPayload(text: string, authorName: string): ChatPayload {
  return { message: text, ...(authorName !== '' && { nick: authorName }) };
}

function readMessage(payload: unknown): string | null {
  if (typeof payload !== 'object' || payload === null || !('message' in payload)) return null;
  const { message, ...rest } = payload;
  const others = Object.entries(rest);
  const isNickAlone = others.every(([name, value]) => name === 'nick' && typeof value === 'string');
  return typeof message === 'string' && isNickAlone ? message : null;
}
