import type { Room } from '@callbox/client';
import { useState } from 'preact/hooks';
import { useSession, useWords } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useCallWords } from './call-words.tsx';
import { useAloud } from './use-aloud.ts';

/** Says when this person's connection is about to be too weak for all of it, or is, and offers what helps. */
export function UplinkNotices({ room }: { readonly room: Room }) {
  const { localMedia, media, stay } = useSession();
  const { t } = useWords();
  const c = useCallWords();
  const [dismissed, setDismissed] = useState(false);
  const uplink = stay.room.value?.uplink ?? 'good';
  const { camera, screen } = media.value;
  const sendsPictures = camera.kind === 'on' || screen.kind === 'on';
  const isVoiceOnly = sendsPictures && uplink === 'voice-only';
  const isTight = uplink === 'tight' && camera.kind === 'on' && !dismissed;
  useAloud(isVoiceOnly ? c('uplink.voiceOnly') : isTight ? c('uplink.tight') : null);
  if (isVoiceOnly) {
    return (
      <Notice tone="calm" action={<Button onClick={() => room.keepPictures()}>{c('uplink.keep')}</Button>}>
        {c('uplink.voiceOnly')}
      </Notice>
    );
  }
  if (!isTight) return null;
  return (
    <Notice
      tone="calm"
      action={<Button onClick={() => localMedia.turnOff('camera')}>{t('device.stopCamera')}</Button>}
      onDismiss={() => setDismissed(true)}
      dismissLabel={t('app.close')}
    >
      {c('uplink.tight')}
    </Notice>
  );
}
