import type { OldMessage } from './old-message.ts';

/** Old pages say one thing to everybody by as many copies as they have connections. This knows the copies. */
export interface ChatCopies {
  /** Whether this is the first copy of `text`. */
  isNews(text: string, message: OldMessage, nowMs: number): boolean;
}

/** All copies leave the page at once, so they come close to each other. */
const copiesWithinMs = 2_000;
/** More connections than any page has. */
const mostCopies = 256;

export function createChatCopies(): ChatCopies {
  let said = '';
  let firstAtMs = 0;
  const connections = new Set<string>();
  return {
    isNews(text, { to, roomType, sid }, nowMs) {
      const connection = JSON.stringify([to, roomType === 'screen', String(sid).slice(0, 64)]);
      // Who says the same over the same connection once more says it again.
      const isCopy = text === said && nowMs - firstAtMs < copiesWithinMs && !connections.has(connection);
      if (!isCopy || connections.size >= mostCopies) {
        said = text;
        firstAtMs = nowMs;
        connections.clear();
      }
      connections.add(connection);
      return !isCopy;
    },
  };
}
