import { useSession } from '../../session/session.ts';
import { BarButton } from '../../ui/bar-button.tsx';
import { useCallWords } from './call-words.tsx';
import { useShortcut } from './use-call-keys.ts';

/** Shows this person's screen to everyone, or no longer; not there where the browser cannot. */
export function ShareButton() {
  const { localMedia, media } = useSession();
  const c = useCallWords();
  const shortcut = useShortcut('share');
  if (!localMedia.canShareScreen) return null;
  const sharing = media.value.screen.kind === 'on';
  return (
    <BarButton
      icon={sharing ? 'screenShareOff' : 'screenShare'}
      caption={c('share')}
      tooltip={c(sharing ? 'share.stop' : 'share.start')}
      shortcut={shortcut}
      active={sharing}
      aria-pressed={sharing}
      aria-busy={media.value.screen.kind === 'asking'}
      onClick={() => (sharing ? localMedia.stopScreen() : void localMedia.shareScreen())}
    />
  );
}
