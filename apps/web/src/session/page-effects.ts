import { effect, untracked } from '@preact/signals';
import { keepAwake } from './keep-awake.ts';
import { dropTicket, keepTicket, takeTicket } from './return-ticket.ts';
import type { Session } from './session.ts';
import { toggleAloud } from './toggle-aloud.ts';

/** What the interface is showing; tests and style sheets read it from `data-screen`. */
export type Screen = 'home' | 'check' | 'pre-join' | 'call' | 'left' | 'bad-room' | 'nowhere';

export function currentScreen({ router, stay }: Pick<Session, 'router' | 'stay'>): Screen {
  const route = router.route.value;
  if (route.kind !== 'room') return route.kind;
  const state = stay.state.value;
  switch (state.kind) {
    case 'inside':
      return 'call';
    case 'ended':
      return 'left';
    case 'joining':
      return state.after === null ? 'pre-join' : 'left';
    case 'outside':
      return 'pre-join';
  }
}

function followRoot(session: Session): void {
  const root = document.documentElement;
  effect(() => {
    root.lang = session.words.value.locale;
  });
  effect(() => {
    root.dataset['screen'] = currentScreen(session);
  });
  effect(() => {
    const { theme } = session.preferences.current.value;
    if (theme === 'auto') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
  });
  effect(() => {
    const { t } = session.words.value;
    const route = session.router.route.value;
    const count = session.unread.value;
    if (route.kind === 'check') document.title = t('check.title');
    else if (route.kind !== 'room') document.title = t('app.name');
    else if (count > 0) document.title = t('app.titleUnread', { count, room: route.room });
    else document.title = t('app.titleIn', { room: route.room });
  });
}

/** The bars of a telephone's browser take the colour of the page. */
function followThemeColour(session: Session): void {
  function paint(): void {
    const colour = getComputedStyle(document.documentElement).backgroundColor;
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
      meta.content = colour;
    }
  }
  effect(() => {
    currentScreen(session);
    void session.preferences.current.value.theme;
    // Together with the page, whose styles are not computed twice then.
    requestAnimationFrame(paint);
  });
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
}

/** Chords of the whole page. Each has a modifier, so that typing never sets one off (WCAG 2.1.4). */
function listenForShortcuts(session: Session): void {
  document.addEventListener('keydown', (event) => {
    if (event.altKey || event.shiftKey || event.repeat || event.ctrlKey === event.metaKey) return;
    const screen = currentScreen(session);
    if (screen !== 'call' && screen !== 'pre-join') return;
    const key = event.key.toLowerCase();
    if (key !== 'd' && key !== 'e') return;
    event.preventDefault();
    void (key === 'd' ? toggleAloud(session, 'microphone') : toggleAloud(session, 'camera'));
  });
}

/** Leaves with the page. Should it be a reload that takes it away, the next one walks straight back in, to the same seat. */
function leaveTicket({ stay, router, localMedia, readCount }: Session): void {
  const route = router.route.value;
  const before = stay.state.value;
  const { microphone, camera } = localMedia.snapshot;
  const seat = stay.part();
  if (before.kind !== 'inside' || route.kind !== 'room') return;
  keepTicket(sessionStorage, {
    room: route.room,
    microphone: microphone.kind === 'on',
    camera: camera.kind === 'on',
    readCount: readCount.value,
    sinceMs: before.sinceMs,
    seat,
    savedAtMs: Date.now(),
  });
}

/** Back into the call that this page was reloaded in. To be called before anything is drawn. */
export function returnAfterReload(session: Session): void {
  const route = session.router.route.value;
  const [navigation] = performance.getEntriesByType('navigation');
  const ticket = takeTicket(sessionStorage, {
    isReload: navigation instanceof PerformanceNavigationTiming && navigation.type === 'reload',
    room: route.kind === 'room' ? route.room : null,
    nowMs: Date.now(),
  });
  if (ticket !== null) void session.comeBack(ticket);
}

/** Everything that follows the session but is no part of a screen. */
export function startPageEffects(session: Session): void {
  followRoot(session);
  followThemeColour(session);
  keepAwake({ isWanted: () => session.stay.state.value.kind === 'inside', navigator, document });
  listenForShortcuts(session);

  // Leaving the room's address is leaving the room.
  effect(() => {
    const route = session.router.route.value;
    untracked(() => {
      const room = session.stay.room.value?.room ?? null;
      if (route.kind === 'room' && (room === null || room === route.room)) return;
      session.stay.reset();
      session.showChat(false);
      // No light stays on where nobody looks at oneself.
      session.localMedia.close();
    });
  });
  // A tab that goes away tells the others at once. Should the browser bring it back, it is on the page after the call.
  window.addEventListener('pagehide', () => leaveTicket(session));
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) dropTicket(sessionStorage);
  });
}
