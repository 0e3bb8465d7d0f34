// First: it says in which order the layers of all other style sheets count.
import './styles/base.css';
import './styles/tokens.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { returnAfterReload, startPageEffects } from './session/page-effects.ts';
import { announceRoom } from './session/room-announcements.ts';
import { createSession, SessionProvider, type Session, type SessionOptions } from './session/session.ts';

/** Draws the pages into `root`. */
export async function startApp(root: Element, options: SessionOptions): Promise<Session> {
  const session = await createSession(options);
  startPageEffects(session);
  announceRoom(session);
  returnAfterReload(session);
  render(
    <SessionProvider value={session}>
      <App />
    </SessionProvider>,
    root,
  );
  return session;
}
