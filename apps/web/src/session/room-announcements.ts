import { effect } from '@preact/signals';
import type { Session } from './session.ts';

/** Tells screen readers what happens in the room. */
export function announceRoom(session: Session): () => void {
  const { announcer, stay, words } = session;
  const nameOf = (displayName: string) => (displayName === '' ? words.peek().t('app.guest') : displayName);

  return effect(() => {
    const state = stay.state.value;
    if (state.kind !== 'inside') return undefined;
    const { room } = state;
    announcer.say(words.peek().t('announce.inCall'));
    const stops = [
      room.on('participant-joined', ({ displayName }) => {
        announcer.tellOf('joined', nameOf(displayName));
      }),
      room.on('participant-left', ({ displayName }) => {
        announcer.tellOf('left', nameOf(displayName));
      }),
      room.on('chat-received', ({ authorName, text }) => {
        announcer.say(words.peek().t('announce.chat', { name: nameOf(authorName), text }));
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  });
}
