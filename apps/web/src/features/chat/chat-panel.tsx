import type { Room } from '@callbox/client';
import { useEffect } from 'preact/hooks';
import { useSession, useWords } from '../../session/session.ts';
import { IconButton } from '../../ui/button.tsx';
import { ChatComposer } from './chat-composer.tsx';
import { MessageList } from './message-list.tsx';
import './chat-panel.css';

/** The chat beside the call; on a narrow screen it comes up from below. */
export function ChatPanel({ room }: { readonly room: Room }) {
  const session = useSession();
  const { t } = useWords();

  useEffect(
    () => () => {
      // The focus goes back to where the chat was opened, unless it is elsewhere by now.
      const focused = document.activeElement;
      if (focused === null || focused === document.body)
        document.querySelector<HTMLElement>('#chat-button')?.focus();
    },
    [],
  );

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape pressed anywhere in it
    <aside
      class="chat"
      aria-label={t('chat.heading')}
      onKeyDown={(event) => {
        if (event.key === 'Escape') session.showChat(false);
      }}
    >
      <header class="chat__head">
        <h2 class="chat__heading">{t('chat.heading')}</h2>
        <IconButton icon="x" label={t('chat.close')} onClick={() => session.showChat(false)} />
      </header>
      <MessageList />
      <ChatComposer room={room} />
    </aside>
  );
}
