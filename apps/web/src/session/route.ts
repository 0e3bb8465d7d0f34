import { parseRoomName, type RoomName } from '@callbox/client';
import { signal, type ReadonlySignal } from '@preact/signals';

export type Route =
  | { readonly kind: 'home' }
  | { readonly kind: 'room'; readonly room: RoomName; readonly relayOnly: boolean }
  /** An address under `/r/` that cannot be a room. */
  | { readonly kind: 'bad-room'; readonly text: string };

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Reads the page's address. Whatever is not a room is home. */
export function parseRoute(url: Pick<URL, 'pathname' | 'search'>): Route {
  const match = /^\/r\/([^/]+)\/?$/.exec(url.pathname);
  if (match === null) return { kind: 'home' };
  const text = decode(match[1] ?? '');
  const parsed = parseRoomName(text);
  if (!parsed.ok) return { kind: 'bad-room', text };
  const relayOnly = new URLSearchParams(url.search).get('transport') === 'relay';
  return { kind: 'room', room: parsed.value, relayOnly };
}

/** The address of a room on this server. */
export function roomPath(room: string): string {
  return `/r/${encodeURIComponent(room)}`;
}

export type RoomInput =
  | { readonly kind: 'room'; readonly room: RoomName }
  /** A room on another server. */
  | { readonly kind: 'elsewhere'; readonly url: string }
  | { readonly kind: 'refused'; readonly reason: 'empty' | 'not-a-call' | 'too-long' | 'invalid' };

/**
 * Reads what a person typed or pasted to join: a link, a link without its scheme, or a name.
 *
 * @param origins where this server is: as this page knows it, then as others may.
 */
export function parseRoomInput(
  input: string,
  [origin, ...alsoOurs]: readonly [string, ...string[]],
  maxLength: number,
): RoomInput {
  const text = input.trim();
  if (text === '') return { kind: 'refused', reason: 'empty' };
  const link = parseLink(text, origin);
  if (link !== null) {
    const route = parseRoute(link);
    if (route.kind !== 'room') return { kind: 'refused', reason: 'not-a-call' };
    if (![origin, ...alsoOurs].includes(link.origin)) return { kind: 'elsewhere', url: link.href };
    return { kind: 'room', room: route.room };
  }
  const parsed = parseRoomName(text);
  if (parsed.ok) return { kind: 'room', room: parsed.value };
  return { kind: 'refused', reason: text.length > maxLength ? 'too-long' : 'invalid' };
}

function parseLink(text: string, origin: string): URL | null {
  // No room name has a slash: without a scheme, this is a path of this server or a link that lost its beginning.
  if (!text.includes('/')) return null;
  const whole = /^(https?:\/\/|\/)/i.test(text) ? text : `${new URL(origin).protocol}//${text}`;
  try {
    return new URL(whole, origin);
  } catch {
    return null;
  }
}

/** The part of `window` that the router uses. */
export type RouterWindow = Pick<Window, 'location' | 'history' | 'addEventListener'>;

export interface Router {
  readonly route: ReadonlySignal<Route>;
  /** Goes to a path of this server, as a link would. */
  navigate(path: string): void;
}

export function createRouter(window: RouterWindow): Router {
  const read = () => parseRoute(window.location);
  const route = signal(read());
  if (route.value.kind === 'room') {
    // The one spelling of a name is what the address bar shows and what people copy from it.
    window.history.replaceState(null, '', roomPath(route.value.room) + window.location.search);
  }
  window.addEventListener('popstate', () => {
    route.value = read();
  });
  return {
    route,
    navigate(path) {
      window.history.pushState(null, '', path);
      route.value = read();
    },
  };
}
