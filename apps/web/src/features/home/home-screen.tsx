import { createRoomName, limits } from '@callbox/client';
import { useRef, useState } from 'preact/hooks';
import { roomPath } from '../../session/route.ts';
import { useSession, useWords } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { CheckLink } from '../check-link.tsx';
import { PageFrame } from '../page-frame.tsx';
import { CallPicture } from './call-picture.tsx';
import { RecentRooms } from './recent-rooms.tsx';
import { parseRoomInput } from './room-input.ts';
import './home-screen.css';

type InputTrouble = 'empty' | 'not-a-call' | 'too-long' | 'invalid';

function JoinForm() {
  const { router, bases } = useSession();
  const { t } = useWords();
  const [trouble, setTrouble] = useState<InputTrouble | null>(null);
  const input = useRef<HTMLInputElement>(null);

  const words = {
    empty: () => t('home.join.empty'),
    'not-a-call': () => t('home.join.notACall'),
    'too-long': () => t('home.join.tooLong', { max: limits.roomNameLength }),
    invalid: () => t('home.join.invalid'),
  } as const;

  function join(event: Event): void {
    event.preventDefault();
    const parsed = parseRoomInput(input.current?.value ?? '', bases, limits.roomNameLength);
    switch (parsed.kind) {
      case 'room':
        router.navigate(roomPath(parsed.room));
        return;
      case 'elsewhere':
        location.assign(parsed.url);
        return;
      case 'refused':
        setTrouble(parsed.reason);
        input.current?.focus();
    }
  }

  return (
    <form class="home__join" noValidate onSubmit={join}>
      <TextField
        label={t('home.join.label')}
        labelHidden
        placeholder={t('home.join.placeholder')}
        error={trouble === null ? null : words[trouble]()}
        inputRef={input}
        autocomplete="off"
        verbatim
        onInput={() => setTrouble(null)}
      />
      <Button type="submit">{t('home.join.action')}</Button>
    </form>
  );
}

export function HomeScreen() {
  const { router } = useSession();
  const { t } = useWords();

  function start(): void {
    router.navigate(roomPath(createRoomName((octets) => crypto.getRandomValues(octets))));
  }

  return (
    <PageFrame>
      <div class="home">
        <div class="home__words">
          <h1 class="home__heading">{t('home.heading')}</h1>
          <p class="home__lead">{t('home.lead')}</p>
          <div class="home__start">
            <Button look="primary" large iconAfter="arrowRight" onClick={start}>
              {t('home.start')}
            </Button>
          </div>
          <JoinForm />
          <RecentRooms />
          <p class="home__check">
            <CheckLink />
          </p>
        </div>
        <CallPicture />
      </div>
    </PageFrame>
  );
}
