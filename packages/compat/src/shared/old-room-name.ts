import { parseRoomName, type Parsed, type RoomName } from '@callbox/contract';

/**
 * The room that an old page means by a name. To the old server a name was any string. One that our rooms take is that
 * room, so that all clients meet there (in any case: `Room` and `room` are one). In any other, each character that room
 * names do not have is written as `_` and its number: the same name leads to the same room from every page.
 */
export function readOldRoomName(name: string): Parsed<RoomName> {
  const parsed = parseRoomName(name);
  if (parsed.ok || name === '') return parsed;
  const escaped = Array.from(name.normalize('NFKC'), (character) =>
    isKept(character) ? character : `_${(character.codePointAt(0) ?? 0).toString(16)}`,
  ).join('');
  // A name begins with a letter or a digit.
  return parseRoomName(/^[\p{L}\p{N}]/u.test(escaped) ? escaped : `x${escaped}`);
}

function isKept(character: string): boolean {
  return /^[\p{L}\p{N}.-]$/u.test(character);
}
