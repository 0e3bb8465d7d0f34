import type { Room } from '@callbox/client';
import { effect } from '@preact/signals';
import type { Session } from './session.ts';

/** Who is back by then has reloaded the page: nothing that needs a word has happened. */
const reloadWithinMs = 5_000;

/** Tells screen readers what happens in the room. */
export function announceRoom(session: Session): () => void {
  const { announcer, stay, words } = session;
  const nameOf = (displayName: string) => (displayName === '' ? words.peek().t('app.guest') : displayName);

  function tellOf(what: 'joined' | 'left', displayName: string): void {
    announcer.tellOf(what, nameOf(displayName));
  }

  return effect(() => {
    const state = stay.state.value;
    if (state.kind !== 'inside') return undefined;
    const { room } = state;
    announcer.say(words.peek().t('announce.inCall'));
    const stops = [
      tellOfPeople(room, tellOf),
      room.on('chat-received', ({ authorName, text }) => {
        announcer.tellOfLine(words.peek().t('announce.chat', { name: nameOf(authorName), text }));
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  });
}

/** Says who comes and who goes. @returns the way to stop. */
export function tellOfPeople(
  room: Pick<Room, 'on'>,
  tell: (what: 'joined' | 'left', displayName: string) => void,
): () => void {
  const reloading = new Map<string, ReturnType<typeof setTimeout>>();
  const stops = [
    room.on('participant-joined', ({ id, displayName }) => {
      const isBack = reloading.has(id);
      clearTimeout(reloading.get(id));
      reloading.delete(id);
      if (!isBack) tell('joined', displayName);
    }),
    room.on('participant-left', ({ id, displayName, mayReturn }) => {
      if (!mayReturn) return tell('left', displayName);
      const timer = setTimeout(() => {
        reloading.delete(id);
        tell('left', displayName);
      }, reloadWithinMs);
      reloading.set(id, timer);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    for (const timer of reloading.values()) clearTimeout(timer);
  };
}
