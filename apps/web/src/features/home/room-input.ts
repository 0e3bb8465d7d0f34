import { parseRoomName, type RoomName } from '@callbox/client';
import { readRoom, roomPattern } from '../../session/route.ts';

export type RoomInput =
  | { readonly kind: 'room'; readonly room: RoomName }
  /** A room on another server. */
  | { readonly kind: 'elsewhere'; readonly url: string }
  | { readonly kind: 'refused'; readonly reason: 'empty' | 'not-a-call' | 'too-long' | 'invalid' };

/**
 * Reads what a person typed or pasted to join: a link, a link without its scheme, or a name.
 *
 * @param bases where this server is, each with its path: as this page knows it, then as others may.
 */
export function parseRoomInput(
  input: string,
  bases: readonly [string, ...string[]],
  maxLength: number,
): RoomInput {
  const text = input.trim();
  if (text === '') return { kind: 'refused', reason: 'empty' };
  const link = parseLink(text, bases);
  if (link !== null) {
    // Another server may serve its pages under whatever path.
    const [, path, segment] = roomPattern.exec(link.pathname) ?? [];
    const route = readRoom(segment, link.search);
    if (segment === undefined || route.kind !== 'room') return { kind: 'refused', reason: 'not-a-call' };
    if (!bases.includes(link.origin + path)) return { kind: 'elsewhere', url: link.href };
    return { kind: 'room', room: route.room };
  }
  const parsed = parseRoomName(text);
  if (parsed.ok) return { kind: 'room', room: parsed.value };
  return { kind: 'refused', reason: whyNoName(text, maxLength) };
}

/** What is wrong with a text that cannot be the name of a room. */
export function whyNoName(text: string, maxLength: number): 'too-long' | 'invalid' {
  return text.trim().length > maxLength ? 'too-long' : 'invalid';
}

function parseLink(text: string, bases: readonly [string, ...string[]]): URL | null {
  // No room name has a slash: without a scheme, this is a path of this server or a link that lost its beginning.
  if (!text.includes('/')) return null;
  const host = text.slice(0, text.indexOf('/')).toLowerCase();
  // Others may reach this server by another scheme than this page does.
  const { protocol } = new URL(bases.find((base) => new URL(base).host === host) ?? bases[0]);
  const whole = /^(https?:\/\/|\/|r\/)/i.test(text) ? text : `${protocol}//${text}`;
  try {
    return new URL(whole, bases[0]);
  } catch {
    return null;
  }
}
