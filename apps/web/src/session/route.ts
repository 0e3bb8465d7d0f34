import { parseRoomName, type RoomName } from '@callbox/client';
import { signal, type ReadonlySignal } from '@preact/signals';

export type Route =
  | { readonly kind: 'home' }
  | { readonly kind: 'check' }
  | { readonly kind: 'room'; readonly room: RoomName; readonly relayOnly: boolean }
  /** An address under `/r/` that cannot be a room. */
  | { readonly kind: 'bad-room'; readonly text: string }
  /** Any other address. */
  | { readonly kind: 'nowhere' };

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The path of a room: what comes before it, and its name. */
export const roomPattern = /^(.*\/)r\/([^/]+)\/?$/;

/**
 * Reads the page's address.
 *
 * @param basePath the path under which this server serves its pages; begins and ends with a slash.
 */
export function parseRoute(url: Pick<URL, 'pathname' | 'search'>, basePath: string): Route {
  const below = url.pathname.startsWith(basePath) ? url.pathname.slice(basePath.length - 1) : null;
  if (below === '/' || below === '/index.html') return { kind: 'home' };
  if (below === checkPath || below === `${checkPath}/`) return { kind: 'check' };
  const match = roomPattern.exec(url.pathname);
  return match?.[1] === basePath ? readRoom(match[2], url.search) : { kind: 'nowhere' };
}

/** Reads the last part of such a path, with the search of its address. */
export function readRoom(segment: string | undefined, search: string): Route {
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

/** The one spelling of an address, which the address bar shows and people copy from it; null where any will do. */
function spellingOf(route: Route): string | null {
  if (route.kind === 'room') return roomPath(route.room);
  return route.kind === 'check' ? checkPath : null;
}

/** The part of `window` that the router uses. */
export type RouterWindow = Pick<Window, 'location' | 'history' | 'addEventListener'>;

export interface Router {
  readonly route: ReadonlySignal<Route>;
  /** The address of a path of this server, for a link. */
  hrefOf(path: string): string;
  /** Goes to a path of this server, as a link would. */
  navigate(path: string): void;
  /**
   * Has `mayLeave` asked whether Back or Forward may lead from the screen that is shown to another; if not, the history goes
   * back to where it was. One at a time.
   *
   * @returns what ends that.
   */
  guard(mayLeave: () => boolean): () => void;
}

/** Which entry of the history this is, counted from the one that the page began with; null for one that we did not make. */
function parsePlace(state: unknown): number | null {
  const isOurs = typeof state === 'object' && state !== null && 'place' in state;
  return isOurs && typeof state.place === 'number' ? state.place : null;
}

/** @param basePath the path under which this server serves its pages; begins and ends with a slash. */
export function createRouter(window: RouterWindow, basePath: string): Router {
  const read = () => parseRoute(window.location, basePath);
  const hrefOf = (path: string) => basePath + path.slice(1);
  const route = signal(read());
  const shown = spellingOf(route.value);
  // A page that is reloaded finds its entries as they were.
  let place = parsePlace(window.history.state) ?? 0;
  window.history.replaceState(
    { place },
    '',
    shown === null ? undefined : hrefOf(shown) + window.location.search,
  );
  let mayLeave: (() => boolean) | null = null;
  window.addEventListener('popstate', () => {
    let target = parsePlace(window.history.state);
    if (target === null) {
      // Somebody changed what stands after the `#`, which makes an entry without us.
      target = place + 1;
      window.history.replaceState({ place: target }, '');
    }
    const next = read();
    const isElsewhere = JSON.stringify(next) !== JSON.stringify(route.value);
    if (isElsewhere && target !== place && mayLeave?.() === false) {
      // The history has moved already. On its way back it leads to the screen that is shown, of which nobody is asked.
      window.history.go(place - target);
      return;
    }
    place = target;
    if (isElsewhere) route.value = next;
  });
  return {
    route,
    hrefOf,
    navigate(path) {
      place += 1;
      window.history.pushState({ place }, '', hrefOf(path));
      route.value = read();
    },
    guard(ask) {
      mayLeave = ask;
      return () => {
        if (mayLeave === ask) mayLeave = null;
      };
    },
  };
}
