import type { Room } from '@callbox/client';
import { useSession, useWords } from '../../session/session.ts';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ChatComposer } from './chat-composer.tsx';
import { MessageList } from './message-list.tsx';
import './chat-panel.css';

/** The chat beside the call; on a narrow screen it comes up from below. */
export function ChatPanel({ room }: { readonly room: Room }) {
  const session = useSession();
  const { t } = useWords();

  return (
    <SidePanel
      heading={t('chat.heading')}
      closeLabel={t('chat.close')}
      height="most"
      returnTo="#chat-button"
      onClose={() => session.showChat(false)}
    >
      <MessageList />
      <ChatComposer room={room} />
    </SidePanel>
  );
}
