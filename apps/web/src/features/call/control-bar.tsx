import { useSession, useWords } from '../../session/session.ts';
import { BarButton } from '../../ui/bar-button.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { CameraSwitch, MicrophoneSwitch } from '../devices/device-switches.tsx';
import { useCopyLink } from '../invite/use-copy-link.ts';
import { ShareButton } from './share-button.tsx';
import { MoreMenu, type MoreMenuProps } from './more-menu.tsx';
import './control-bar.css';
import { useCallWords } from './call-words.tsx';
import { useShortcut } from './use-call-keys.ts';

function ChatButton() {
  const session = useSession();
  const { t } = useWords();
  const open = session.chatOpen.value;
  const unread = session.unread.value;
  return (
    <BarButton
      id="chat-button"
      icon="message"
      caption={t('call.chat')}
      {...(unread > 0 ? { more: t('call.chat.unread', { count: unread }) } : {})}
      tooltip={t(open ? 'call.chat.close' : 'call.chat.open')}
      shortcut={useShortcut('chat')}
      active={open}
      aria-expanded={open}
      badge={unread > 0 ? String(Math.min(unread, 99)) : null}
      onClick={() => session.showChat(!open)}
    />
  );
}

function CopyLink({ onInvite }: Pick<MoreMenuProps, 'onInvite'>) {
  const { t } = useWords();
  const c = useCallWords();
  const { state, copy } = useCopyLink();

  async function copyOrShow(): Promise<void> {
    if (!(await copy())) onInvite();
  }

  return (
    <BarButton
      icon={state === 'copied' ? 'check' : 'link'}
      caption={t(state === 'copied' ? 'app.copied' : 'app.copyLink')}
      tooltip={c('call.copyLink.tip')}
      active={state === 'copied'}
      onClick={() => void copyOrShow()}
    />
  );
}

/** What one does in a call. On a phone it sits where the thumb is. */
export function ControlBar(props: MoreMenuProps) {
  const { stay } = useSession();
  const { t } = useWords();
  return (
    <Toolbar class="control-bar" label={t('call.controls')}>
      <MicrophoneSwitch />
      <CameraSwitch />
      <ShareButton />
      <ChatButton />
      <CopyLink onInvite={props.onInvite} />
      <MoreMenu {...props} />
      <div class="control-bar__leave">
        <BarButton
          icon="phoneOff"
          caption={t('call.leave')}
          tooltip={t('call.leave.tip')}
          onClick={() => stay.leave()}
        />
      </div>
    </Toolbar>
  );
}
