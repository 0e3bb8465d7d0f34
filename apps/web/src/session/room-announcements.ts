import type { Room } from '@callbox/client';
import { computed, effect } from '@preact/signals';
import type { Session } from './session.ts';
import type { Stay } from './stay.ts';

/** Who is back by then has reloaded the page: nothing that needs a word has happened. */
const reloadWithinMs = 5_000;

interface Announced extends Pick<Session, 'words'> {
  readonly announcer: Pick<Session['announcer'], 'say' | 'tellOf' | 'tellOfLine' | 'clear'>;
  readonly stay: Pick<Stay, 'state' | 'known'>;
}

/** Tells screen readers what happens in the room. */
export function announceRoom({ announcer, stay, words }: Announced): () => void {
  const entered = computed(() => roomEntered(stay));
  const nameOf = (displayName: string) => (displayName === '' ? words.peek().t('app.guest') : displayName);

  function tellOf(what: 'joined' | 'left', displayName: string): void {
    announcer.tellOf(what, nameOf(displayName));
  }

  return effect(() => {
    const room = entered.value;
    if (room === null) return undefined;
    announcer.say(words.peek().t('announce.inCall'));
    const stops = [
      tellOfPeople(room, tellOf),
      room.on('chat-received', ({ authorName, text }) => {
        announcer.tellOfLine(words.peek().t('announce.chat', { name: nameOf(authorName), text }));
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      // "You are in the call" would be found on every page after it.
      announcer.clear();
    };
  });
}

/** The room that this page is in, from the moment it is let in: what is drawn may be behind, what is told is not. */
function roomEntered({ state, known }: Pick<Stay, 'state' | 'known'>): Room | null {
  const stay = state.value;
  if (stay.kind === 'inside') return stay.room;
  if (stay.kind !== 'joining' || known.value === null || known.value.self.joinedAtMs === null) return null;
  const { kind } = known.value.state;
  return kind === 'joined' || kind === 'reconnecting' ? stay.room : null;
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
