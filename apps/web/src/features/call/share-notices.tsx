import { useSession, useWords } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useCallWords } from './call-words.tsx';

/** What there is to say of this person's own screen: that it is seen, or why it cannot be shown. */
export function ShareNotices() {
  const { localMedia, media } = useSession();
  const { t } = useWords();
  const c = useCallWords();
  const { screen } = media.value;
  switch (screen.kind) {
    case 'on':
      return (
        <Notice
          tone="calm"
          icon="screenShare"
          action={
            <Button icon="screenShareOff" onClick={() => localMedia.stopScreen()}>
              {c('share.stop.action')}
            </Button>
          }
        >
          {c(screen.sound ? 'share.runningWithSound' : 'share.running')}
        </Notice>
      );
    case 'failed':
      return (
        <Notice
          tone="bad"
          dismissLabel={t('app.close')}
          onDismiss={() => localMedia.stopScreen()}
          {...(localMedia.canShareScreen && {
            action: <Button onClick={() => void localMedia.shareScreen()}>{t('app.tryAgain')}</Button>,
          })}
        >
          {c(`share.failed.${screen.reason}`)}
        </Notice>
      );
    case 'off':
    case 'asking':
      return null;
  }
}
