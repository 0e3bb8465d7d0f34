import { parseRoomName, type RoomName } from '@callbox/client';
import { signal, type ReadonlySignal } from '@preact/signals';

export type Route =
  | { readonly kind: 'home' }
  | { readonly kind: 'check' }
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

const roomPattern = /^(.*\/)r\/([^/]+)\/?$/;

/**
 * Reads the page's address. What is nothing else is home.
 *
 * @param basePath the path under which this server serves its pages; begins and ends with a slash.
 */
export function parseRoute(url: Pick<URL, 'pathname' | 'search'>, basePath: string): Route {
  if (url.pathname === basePath + checkPath.slice(1)) return { kind: 'check' };
  const match = roomPattern.exec(url.pathname);
  return match?.[1] === basePath ? readRoom(match[2], url.search) : { kind: 'home' };
}

function readRoom(segment: string | undefined, search: string): Route {
  const text = decode(segment ?? '');
  const parsed = parseRoomName(text);
  if (!parsed.ok) return { kind: 'bad-room', text };
  const relayOnly = new URLSearchParams(search).get('transport') === 'relay';
  return { kind: 'room', room: parsed.value, relayOnly };
}

/** The path of the page that checks the connection. */
export const checkPath = '/check';

/** The path of a room, below the path under which its server serves the pages. */
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
 * @param bases where this server is, each with its path: as this page knows it, then as others may.
 */
export function parseRoomInput(
  input: string,
  bases: readonly [string, ...string[]],
  maxLength: number,
): RoomInput {
  const text = input.trim();
  if (text === '') return { kind: 'refused', reason: 'empty' };
  const link = parseLink(text, bases[0]);
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
  return { kind: 'refused', reason: text.length > maxLength ? 'too-long' : 'invalid' };
}

function parseLink(text: string, base: string): URL | null {
  // No room name has a slash: without a scheme, this is a path of this server or a link that lost its beginning.
  if (!text.includes('/')) return null;
  const whole = /^(https?:\/\/|\/)/i.test(text) ? text : `${new URL(base).protocol}//${text}`;
  try {
    return new URL(whole, base);
  } catch {
    return null;
  }
}

/** The part of `window` that the router uses. */
export type RouterWindow = Pick<Window, 'location' | 'history' | 'addEventListener'>;

export interface Router {
  readonly route: ReadonlySignal<Route>;
  /** The address of a path of this server, for a link. */
  hrefOf(path: string): string;
  /** Goes to a path of this server, as a link would. */
  navigate(path: string): void;
}

/** @param basePath the path under which this server serves its pages; begins and ends with a slash. */
export function createRouter(window: RouterWindow, basePath: string): Router {
  const read = () => parseRoute(window.location, basePath);
  const hrefOf = (path: string) => basePath + path.slice(1);
  const route = signal(read());
  if (route.value.kind === 'room') {
    // The one spelling of a name is what the address bar shows and what people copy from it.
    window.history.replaceState(null, '', hrefOf(roomPath(route.value.room)) + window.location.search);
  }
  window.addEventListener('popstate', () => {
    route.value = read();
  });
  return {
    route,
    hrefOf,
    navigate(path) {
      window.history.pushState(null, '', hrefOf(path));
      route.value = read();
    },
  };
}
